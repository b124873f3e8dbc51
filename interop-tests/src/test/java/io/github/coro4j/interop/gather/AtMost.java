package io.github.coro4j.interop.gather;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the bodies that run, and keeps the highest count. */
final class AtMost {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    void enter() {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
    }

    void leave() {
        inside.decrementAndGet();
    }

    int most() {
        return most.get();
    }
}
