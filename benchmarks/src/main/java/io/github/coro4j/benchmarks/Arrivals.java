package io.github.coro4j.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts callbacks and bodies that have run, and waits for them, without allocating. */
final class Arrivals {
    private final AtomicInteger count = new AtomicInteger();

    void reset() {
        count.set(0);
    }

    void arrive() {
        count.incrementAndGet();
    }

    int await(int expected) {
        // Parking would add the bytes of a waiter, and spinning would take the core from the pool.
        while (count.get() < expected) {
            Thread.yield();
        }
        return count.get();
    }
}
