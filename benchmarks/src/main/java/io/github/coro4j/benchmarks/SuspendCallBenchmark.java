package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.SuspendFunction;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.coroutines.SuspendCall;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import kotlinx.coroutines.Deferred;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * A suspend function that returns at once is called from Java, {@code n} times, and each value is read. As in {@link
 * TaskBenchmark} there is no group. Ours takes down where it was called, for the failure that the function may throw, and
 * has a place in its scope; {@code future} and {@code async} of kotlinx take down nothing.
 */
public class SuspendCallBenchmark extends SumContest {
    private SuspendFunction function;
    private SuspendCall<Integer> call;
    private Future<?>[] futures;
    private Deferred<?>[] deferreds;

    @Override
    void prepare() {
        function = function();
        call = function::answer;
        futures = new Future<?>[n];
        deferreds = new Deferred<?>[n];
    }

    SuspendFunction function() {
        return SuspendFunction.immediate(executor, VALUE);
    }

    @Benchmark
    public int coro4j() throws InterruptedException, ExecutionException {
        for (int i = 0; i < n; i++) {
            futures[i] = Suspend.call(onPool, call);
        }
        return TaskBenchmark.sum(futures);
    }

    /** {@code future}, which returns a {@code CompletableFuture}. */
    @Benchmark
    public int kotlinxFuture() throws InterruptedException, ExecutionException {
        for (int i = 0; i < n; i++) {
            futures[i] = function.future();
        }
        return TaskBenchmark.sum(futures);
    }

    @Benchmark
    public int kotlinxAsync() {
        for (int i = 0; i < n; i++) {
            deferreds[i] = function.async();
        }
        return TaskBenchmark.sum(deferreds);
    }
}
