package io.github.coro4j.benchmarks;

import io.github.coro4j.Promise;
import io.github.coro4j.benchmarks.kotlin.AwaitLoops;
import java.util.concurrent.CompletableFuture;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.Job;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * A coroutine awaits one future {@code n} times that is done: each time it reads the value, and is not suspended. The
 * coroutine itself, which is {@code runBlocking}, is shared by the {@code n}.
 */
public class AwaitDoneBenchmark extends SumContest {
    private final Promise<Integer> promise = Promise.create();
    private final CompletableFuture<Integer> future = new CompletableFuture<>();
    private final CompletableDeferred<Integer> deferred =
            CompletableDeferredKt.CompletableDeferred((Job) null);

    @Override
    void prepare() {
        promise.complete(VALUE);
        future.complete(VALUE);
        deferred.complete(VALUE);
    }

    @Benchmark
    public int coro4j() {
        return AwaitLoops.done(promise, n);
    }

    /** {@code CompletionStage.await} of kotlinx. */
    @Benchmark
    public int completableFuture() {
        return AwaitLoops.done(future, n);
    }

    @Benchmark
    public int kotlinx() {
        return AwaitLoops.done(deferred, n);
    }
}
