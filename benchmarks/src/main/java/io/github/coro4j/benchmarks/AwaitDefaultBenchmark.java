package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.Awaiters;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * {@code n} coroutines on {@code Dispatchers.Default} await a future each, then the caller completes all of these. Every
 * coroutine begins on the caller's thread and is suspended there, so that none finds its future done. What an element costs
 * has the coroutine in it, an {@code async} of kotlinx for all contestants.
 */
public class AwaitDefaultBenchmark extends SumContest {
    private Awaiters awaiters;

    @Override
    void prepare() {
        awaiters = awaiters();
    }

    Awaiters awaiters() {
        return Awaiters.onDefault();
    }

    @Benchmark
    public int coro4j() {
        return awaiters.promises(n, VALUE);
    }

    /** {@code CompletionStage.await} of kotlinx. */
    @Benchmark
    public int completableFuture() {
        return awaiters.completableFutures(n, VALUE);
    }

    @Benchmark
    public int kotlinx() {
        return awaiters.completableDeferreds(n, VALUE);
    }
}
