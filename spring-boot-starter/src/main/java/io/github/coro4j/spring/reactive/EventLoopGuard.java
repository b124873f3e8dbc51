package io.github.coro4j.spring.reactive;

import io.github.coro4j.BlockingGuard;
import reactor.core.scheduler.Schedulers;

/** Refuses waits on the threads on which Reactor refuses them, such as the event loops of Netty. */
final class EventLoopGuard implements BlockingGuard {
    @Override
    public Answer mayBlock(String awaited) {
        return Schedulers.isInNonBlockingThread() ? Answer.REFUSE : Answer.ALLOW;
    }
}
