package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.AwaitLoops;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * A coroutine on the event loop of {@code runBlocking} awaits {@code n} futures in turn. It makes each, hands its completion
 * to the pool, awaits it, and is resumed by a thread of the pool. Most of the time is that of two threads that wake each
 * other. Should the pool be faster than the coroutine, the future is done before it is awaited; that is so for all.
 */
public class AwaitRunBlockingBenchmark extends SumContest {
    @Benchmark
    public int coro4j() {
        return AwaitLoops.promises(n, VALUE, executor);
    }

    /** {@code CompletionStage.await} of kotlinx. */
    @Benchmark
    public int completableFuture() {
        return AwaitLoops.completableFutures(n, VALUE, executor);
    }

    @Benchmark
    public int kotlinx() {
        return AwaitLoops.completableDeferreds(n, VALUE, executor);
    }
}
