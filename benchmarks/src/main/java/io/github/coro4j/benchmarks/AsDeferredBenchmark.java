package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.Awaiters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * As {@link AwaitPoolBenchmark}, and each coroutine awaits the {@code Deferred} that its future is turned into. Ours is the
 * future itself under another type, that of a {@code CompletableFuture} a copy which is completed after it.
 */
public class AsDeferredBenchmark extends Contest {
    private static final Integer VALUE = 42;

    @Param("1000")
    int n;

    private Awaiters awaiters;

    @Override
    void prepare() {
        awaiters = Awaiters.on(executor);
    }

    @Override
    Object expected() {
        return VALUE * n;
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
