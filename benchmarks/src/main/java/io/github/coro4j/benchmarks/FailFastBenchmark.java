package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Future;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/**
 * Of {@code n} bodies the one in the middle throws: the others are cancelled, and the caller has the failure. Ours, kotlinx
 * and StructuredTaskScope wait until the others have ended. CompletableFuture and Guava cancel by hand, and cannot wait for
 * bodies that run; Mutiny only stops listening. Vert.x cannot cancel.
 */
public class FailFastBenchmark extends Contest {
    private static final Failure FAILURE = new Failure();

    @Param("1000")
    int n;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;

    /** Without a stack trace, so that the benchmark is not one of those. */
    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure() {
            super("the one in the middle", null, false, false);
        }
    }

    @Override
    void prepare() {
        bodies = callables(n);
        suppliers = suppliers(n);
        bodies.set(
                n / 2,
                () -> {
                    throw FAILURE;
                });
        suppliers.set(
                n / 2,
                () -> {
                    throw FAILURE;
                });
    }

    @Override
    Object expected() {
        return FAILURE;
    }

    @Benchmark
    public Throwable coro4j() {
        Future<List<Integer>> all = onPool.gather(bodies).failFast();
        all.joinOutcome();
        return all.exception();
    }

    @Benchmark
    public Throwable kotlinxDefault() {
        return kotlinxOnDefault.failFast(bodies);
    }

    @Benchmark
    public Throwable kotlinxPool() {
        return kotlinxOnPool.failFast(bodies);
    }

    @Benchmark
    public Throwable completableFuture() {
        CompletableFuture<?>[] futures = new CompletableFuture<?>[n];
        CompletableFuture<Object> failed = new CompletableFuture<>();
        for (int i = 0; i < n; i++) {
            CompletableFuture<Integer> future =
                    CompletableFuture.supplyAsync(suppliers.get(i), executor);
            future.whenComplete(
                    (value, failure) -> {
                        if (failure != null) {
                            failed.completeExceptionally(failure);
                        }
                    });
            futures[i] = future;
        }
        try {
            CompletableFuture.anyOf(failed, CompletableFuture.allOf(futures)).join();
            return null;
        } catch (CompletionException e) {
            for (CompletableFuture<?> future : futures) {
                future.cancel(true);
            }
            return e.getCause();
        }
    }

    @Benchmark
    public Throwable guava() throws InterruptedException {
        List<ListenableFuture<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            futures.add(listening.submit(body));
        }
        try {
            Futures.allAsList(futures).get();
            return null;
        } catch (ExecutionException e) {
            for (ListenableFuture<Integer> future : futures) {
                future.cancel(true);
            }
            return e.getCause();
        }
    }

    @Benchmark
    public Throwable mutiny() {
        List<Uni<Integer>> unis = new ArrayList<>(n);
        for (Supplier<Integer> supplier : suppliers) {
            unis.add(Uni.createFrom().item(supplier).runSubscriptionOn(executor));
        }
        try {
            Uni.join().all(unis).andFailFast().await().indefinitely();
            return null;
        } catch (Failure e) {
            return e;
        }
    }

    @Benchmark
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
    public Throwable structuredTaskScope() throws InterruptedException {
        return Structured.Loaded.INSTANCE.failFast(bodies);
    }
}
