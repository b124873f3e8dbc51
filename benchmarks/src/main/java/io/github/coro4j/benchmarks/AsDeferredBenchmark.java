package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.Awaiters;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * Turns each future of {@link AwaitPoolBenchmark} into a {@code Deferred}, which the coroutine awaits. Ours is the future
 * itself under another type. That of a {@code CompletableFuture} is a copy, which is completed after it.
 */
public class AsDeferredBenchmark extends SumContest {
    private Awaiters awaiters;

    @Override
    void prepare() {
        awaiters = Awaiters.on(executor);
    }

    @Benchmark
    public int coro4j() {
        return awaiters.promisesAsDeferred(n, VALUE);
    }

    /** {@code CompletionStage.asDeferred} of kotlinx. */
    @Benchmark
    public int completableFuture() {
        return awaiters.completableFuturesAsDeferred(n, VALUE);
    }
}
