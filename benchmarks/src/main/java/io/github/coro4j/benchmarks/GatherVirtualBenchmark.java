package io.github.coro4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** Gathers as {@link GatherBenchmark} does, with a virtual thread for each body. Only on JDK 21 and later. */
@Fork(
        value = 1,
        jvmArgs = {
            Contest.HEAP_FROM,
            Contest.HEAP_TO,
            Contest.NO_ASSERTIONS,
            Contest.NO_DEBUG,
            Contest.TWO_THREADS,
            Contest.PREVIEW
        })
public class GatherVirtualBenchmark extends Contest {
    @Param({"100", "10000"})
    int n;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;

    @Override
    Pool pool() {
        return Pool.VIRTUAL;
    }

    @Override
    void prepare() {
        bodies = callables(n);
        suppliers = suppliers(n);
    }

    @Override
    Object expected() {
        return values(n);
    }

    @Benchmark
    public List<Integer> coro4jGather() {
        return onPool.gather(bodies).all().join();
    }

    @Benchmark
    public List<Integer> virtualThreads() throws InterruptedException, ExecutionException {
        return submit(bodies, executor);
    }

    /** {@code submit} each, {@code get} each. */
    static List<Integer> submit(List<Callable<Integer>> bodies, ExecutorService executor)
            throws InterruptedException, ExecutionException {
        List<Future<Integer>> futures = new ArrayList<>(bodies.size());
        for (Callable<Integer> body : bodies) {
            futures.add(executor.submit(body));
        }
        List<Integer> values = new ArrayList<>(bodies.size());
        for (Future<Integer> future : futures) {
            values.add(future.get());
        }
        return values;
    }

    @Benchmark
    public List<Integer> structuredTaskScope() throws InterruptedException {
        return Structured.Loaded.INSTANCE.gather(bodies);
    }

    @Benchmark
    public List<Integer> kotlinxPool() {
        return kotlinxOnPool.gather(bodies);
    }

    @Benchmark
    public List<Integer> completableFuture() {
        return GatherBenchmark.completableFutures(suppliers, executor);
    }
}
