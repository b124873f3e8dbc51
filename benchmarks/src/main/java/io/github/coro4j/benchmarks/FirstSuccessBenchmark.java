package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * The first of {@code n} bodies that returns; the others are cancelled. Ours and kotlinx wait until the others have ended;
 * CompletableFuture and Guava cancel by hand, and cannot wait; Mutiny only stops listening. Vert.x cannot cancel.
 */
public class FirstSuccessBenchmark extends Contest {
    @Param({"3", "100"})
    int n;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;

    @Override
    void prepare() {
        bodies = Collections.nCopies(n, () -> 1);
        suppliers = Collections.nCopies(n, () -> 1);
    }

    @Override
    Object expected() {
        return 1;
    }

    @Benchmark
    public Integer coro4j() {
        return onPool.gather(bodies).firstSuccess().join();
    }

    @Benchmark
    public Integer kotlinxDefault() {
        return kotlinxOnDefault.first(bodies);
    }

    @Benchmark
    public Integer kotlinxPool() {
        return kotlinxOnPool.first(bodies);
    }

    @Benchmark
    public Integer completableFuture() {
        CompletableFuture<?>[] futures = new CompletableFuture<?>[n];
        for (int i = 0; i < n; i++) {
            futures[i] = CompletableFuture.supplyAsync(suppliers.get(i), executor);
        }
        Integer first = (Integer) CompletableFuture.anyOf(futures).join();
        for (CompletableFuture<?> future : futures) {
            future.cancel(true);
        }
        return first;
    }

    @Benchmark
    public Integer guava() throws InterruptedException, ExecutionException {
        List<ListenableFuture<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            futures.add(listening.submit(body));
        }
        Integer first = Futures.inCompletionOrder(futures).get(0).get();
        for (ListenableFuture<Integer> future : futures) {
            future.cancel(true);
        }
        return first;
    }

    @Benchmark
    public Integer mutiny() {
        List<Uni<Integer>> unis = new ArrayList<>(n);
        for (Supplier<Integer> supplier : suppliers) {
            unis.add(Uni.createFrom().item(supplier).runSubscriptionOn(executor));
        }
        return Uni.join().first(unis).withItem().await().indefinitely();
    }
}
