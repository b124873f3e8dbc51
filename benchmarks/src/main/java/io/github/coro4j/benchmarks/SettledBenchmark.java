package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Outcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Of {@code n} bodies each tenth throws: wait for all, and count those that returned. Ours and kotlinx keep each end as a
 * value; the others by hand, or, as Guava and Mutiny, in their own way.
 */
public class SettledBenchmark extends Contest {
    private static final RuntimeException FAILURE =
            new RuntimeException("each tenth", null, false, false) {
                private static final long serialVersionUID = 1;
            };

    @Param("1000")
    int n;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;

    @Override
    void prepare() {
        bodies = callables(n);
        suppliers = suppliers(n);
        for (int i = 0; i < n; i += 10) {
            bodies.set(
                    i,
                    () -> {
                        throw FAILURE;
                    });
            suppliers.set(
                    i,
                    () -> {
                        throw FAILURE;
                    });
        }
    }

    @Override
    Object expected() {
        return n - n / 10;
    }

    @Benchmark
    public int coro4j() {
        int returned = 0;
        for (Outcome<Integer> end : onPool.gather(bodies).settled().join()) {
            if (end instanceof Outcome.Success) {
                returned++;
            }
        }
        return returned;
    }

    @Benchmark
    public int kotlinxDefault() {
        return kotlinxOnDefault.settled(bodies);
    }

    @Benchmark
    public int kotlinxPool() {
        return kotlinxOnPool.settled(bodies);
    }

    @Benchmark
    public int completableFuture() {
        CompletableFuture<?>[] futures = new CompletableFuture<?>[n];
        for (int i = 0; i < n; i++) {
            futures[i] = CompletableFuture.supplyAsync(suppliers.get(i), executor);
        }
        CompletableFuture.allOf(futures).exceptionally(failure -> null).join();
        int returned = 0;
        for (CompletableFuture<?> future : futures) {
            if (!future.isCompletedExceptionally()) {
                returned++;
            }
        }
        return returned;
    }

    @Benchmark
    public int guava() throws InterruptedException, ExecutionException {
        List<ListenableFuture<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            futures.add(listening.submit(body));
        }
        int returned = 0;
        for (Integer value : Futures.successfulAsList(futures).get()) {
            if (value != null) {
                returned++;
            }
        }
        return returned;
    }

    @Benchmark
    public int vertx() {
        List<Future<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            Promise<Integer> promise = Promise.promise();
            executor.execute(
                    () -> {
                        try {
                            promise.complete(body.call());
                        } catch (Exception e) {
                            promise.fail(e);
                        }
                    });
            futures.add(promise.future());
        }
        CompositeFuture all = Future.join(futures);
        all.otherwiseEmpty().toCompletionStage().toCompletableFuture().join();
        int returned = 0;
        for (int i = 0; i < n; i++) {
            if (all.succeeded(i)) {
                returned++;
            }
        }
        return returned;
    }

    @Benchmark
    public int mutiny() {
        List<Uni<Integer>> unis = new ArrayList<>(n);
        for (Supplier<Integer> supplier : suppliers) {
            unis.add(
                    Uni.createFrom()
                            .item(supplier)
                            .runSubscriptionOn(executor)
                            .onFailure()
                            .recoverWithItem(-1));
        }
        int returned = 0;
        for (Integer value : Uni.join().all(unis).andCollectFailures().await().indefinitely()) {
            if (value >= 0) {
                returned++;
            }
        }
        return returned;
    }
}
