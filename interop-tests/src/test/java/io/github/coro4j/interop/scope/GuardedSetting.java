package io.github.coro4j.interop.scope;

import io.github.coro4j.BlockingGuard;
import io.github.coro4j.BlockingGuard.Answer;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Scopes with a guard, and one that refuses the waits of the thread of the test. */
abstract class GuardedSetting {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The thread of the test. */
    volatile Thread self;

    final BlockingGuard refusing =
            awaited -> Thread.currentThread() == self ? Answer.REFUSE : Answer.ALLOW;

    TaskScope open(BlockingGuard guard) {
        self = Thread.currentThread();
        return leaks.opened(
                TaskScope.builder()
                        .name("window")
                        .failureListener(leaks.listener())
                        .blockingGuard(guard)
                        .open());
    }

    void closed(TaskScope scope) {
        Promise<Void> closed = Promise.create();
        scope.closeAsync("the test is over").onSuccess(closed::complete);
        closed.join();
    }
}
