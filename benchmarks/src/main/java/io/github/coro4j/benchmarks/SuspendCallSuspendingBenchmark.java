package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.SuspendFunction;

/**
 * Calls as {@link SuspendCallBenchmark} does, a function that suspends once. It goes on from the end of the pool's queue.
 */
public class SuspendCallSuspendingBenchmark extends SuspendCallBenchmark {
    @Override
    SuspendFunction function() {
        return SuspendFunction.suspending(executor, VALUE);
    }
}
