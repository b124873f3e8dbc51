package io.github.coro4j.benchmarks;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Gathers as {@link GatherBenchmark} does, with at most eight of the {@code n} bodies at once. Guava and Vert.x have nothing for it. */
public class LimitBenchmark extends Contest {
    private static final int AT_ONCE = 8;

    @Param("1000")
    int n;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;

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
    public List<Integer> coro4j() {
        return onPool.gather(bodies).concurrency(AT_ONCE).all().join();
    }

    @Benchmark
    public List<Integer> kotlinxDefault() {
        return kotlinxOnDefault.limit(bodies, AT_ONCE);
    }

    @Benchmark
    public List<Integer> kotlinxPool() {
        return kotlinxOnPool.limit(bodies, AT_ONCE);
    }

    /** By hand: eight runners that take the next body from a counter, and so no future for each body. */
    @Benchmark
    public List<Integer> completableFuture() {
        Integer[] values = new Integer[n];
        AtomicInteger next = new AtomicInteger();
        CompletableFuture<?>[] runners = new CompletableFuture<?>[AT_ONCE];
        for (int runner = 0; runner < AT_ONCE; runner++) {
            runners[runner] =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i; (i = next.getAndIncrement()) < n; ) {
                                    values[i] = suppliers.get(i).get();
                                }
                            },
                            executor);
        }
        CompletableFuture.allOf(runners).join();
        return Arrays.asList(values);
    }

    @Benchmark
    public List<Integer> mutiny() {
        List<Uni<Integer>> unis = new ArrayList<>(n);
        for (Supplier<Integer> supplier : suppliers) {
            unis.add(Uni.createFrom().item(supplier).runSubscriptionOn(executor));
        }
        return Uni.join()
                .all(unis)
                .usingConcurrencyOf(AT_ONCE)
                .andFailFast()
                .await()
                .indefinitely();
    }

    @Benchmark
    public List<Integer> virtualThreads() throws InterruptedException, ExecutionException {
        ExecutorService threads = Pool.VIRTUAL.open();
        Semaphore permits = new Semaphore(AT_ONCE);
        List<Future<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            futures.add(threads.submit(() -> withPermit(permits, body)));
        }
        List<Integer> values = new ArrayList<>(n);
        for (Future<Integer> future : futures) {
            values.add(future.get());
        }
        threads.shutdown();
        return values;
    }

    private static Integer withPermit(Semaphore permits, Callable<Integer> body) throws Exception {
        permits.acquire();
        try {
            return body.call();
        } finally {
            permits.release();
        }
    }
}
