package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.SuspendFunction;

/** As {@link SuspendCallBenchmark}, with a function that suspends once, and goes on from the end of the pool's queue. */
public class SuspendCallSuspendingBenchmark extends SuspendCallBenchmark {
    @Override
    SuspendFunction function() {
        return SuspendFunction.suspending(executor, VALUE);
    }
}
