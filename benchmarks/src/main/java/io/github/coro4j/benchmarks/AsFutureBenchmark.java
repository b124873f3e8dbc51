package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.AsFutures;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * {@code n} pending {@code Deferred}s are turned into futures; the caller completes each, and joins the futures. No pool
 * takes part. Ours has a place among the futures of a scope, which reports a failure that is never read; a {@code
 * CompletableFuture} has none. A cancel of either reaches the {@code Deferred}.
 */
public class AsFutureBenchmark extends SumContest {
    @Benchmark
    public int coro4j() {
        return AsFutures.coro4j(n, VALUE);
    }

    /** {@code Deferred.asCompletableFuture} of kotlinx. */
    @Benchmark
    public int completableFuture() {
        return AsFutures.completableFuture(n, VALUE);
    }
}
