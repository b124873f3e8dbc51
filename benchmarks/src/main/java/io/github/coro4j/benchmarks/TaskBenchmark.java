package io.github.coro4j.benchmarks;

import io.github.coro4j.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import kotlinx.coroutines.Deferred;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * One whole task: start, body, end, and the read of a value that is there. No waiting and no group, so that the bytes
 * are those of the task alone, with its place in the scope and the pool's own wrapper.
 */
public class TaskBenchmark extends Contest {
    private static final Integer VALUE = 42;

    @Param("1000")
    int n;

    private final Callable<Integer> body = () -> VALUE;
    private final Supplier<Integer> supplier = () -> VALUE;
    private Future<?>[] futures;
    private Deferred<?>[] deferreds;
    private TaskScope onOwnPool;

    @Override
    void prepare() {
        futures = new Future<?>[n];
        deferreds = new Deferred<?>[n];
        onOwnPool = TaskScope.open("own pool");
    }

    @Override
    void release() {
        onOwnPool.close();
    }

    @Override
    Object expected() {
        return VALUE * n;
    }

    @Benchmark
    public int coro4j() throws InterruptedException, ExecutionException {
        for (int i = 0; i < n; i++) {
            futures[i] = onPool.start(body);
        }
        return sum(futures);
    }

    @Benchmark
    public int coro4jOwnPool() throws InterruptedException, ExecutionException {
        for (int i = 0; i < n; i++) {
            futures[i] = onOwnPool.start(body);
        }
        return sum(futures);
    }

    @Benchmark
    public int completableFuture() throws InterruptedException, ExecutionException {
        for (int i = 0; i < n; i++) {
            futures[i] = CompletableFuture.supplyAsync(supplier, executor);
        }
        return sum(futures);
    }

    @Benchmark
    public int guava() throws InterruptedException, ExecutionException {
        for (int i = 0; i < n; i++) {
            futures[i] = listening.submit(body);
        }
        return sum(futures);
    }

    @Benchmark
    public int kotlinxPool() {
        for (int i = 0; i < n; i++) {
            deferreds[i] = kotlinxOnPool.start(body);
        }
        return sum(deferreds);
    }

    static int sum(Deferred<?>[] deferreds) {
        int sum = 0;
        for (Deferred<?> deferred : deferreds) {
            while (!deferred.isCompleted()) {
                Thread.yield();
            }
            sum += (Integer) deferred.getCompleted();
        }
        return sum;
    }

    static int sum(Future<?>[] futures) throws InterruptedException, ExecutionException {
        int sum = 0;
        for (Future<?> future : futures) {
            // Parking would add the bytes of a waiter, and spinning would take the core from the
            // pool.
            while (!future.isDone()) {
                Thread.yield();
            }
            sum += (Integer) future.get();
        }
        return sum;
    }
}
