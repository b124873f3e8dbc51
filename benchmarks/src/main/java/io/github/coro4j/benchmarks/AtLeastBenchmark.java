package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * A quorum: whether half of {@code n} bodies have returned; the others are cancelled. No rival has it: each counts by hand,
 * and none of them but kotlinx waits until the others have ended, as ours does.
 */
public class AtLeastBenchmark extends Contest {
    @Param("100")
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
        return true;
    }

    @Benchmark
    public boolean coro4j() {
        return onPool.gather(bodies).atLeast(n / 2).join().size() >= n / 2;
    }

    @Benchmark
    public boolean kotlinxDefault() {
        return kotlinxOnDefault.quorum(bodies, n / 2);
    }

    @Benchmark
    public boolean kotlinxPool() {
        return kotlinxOnPool.quorum(bodies, n / 2);
    }

    @Benchmark
    public boolean completableFuture() {
        AtomicInteger missing = new AtomicInteger(n / 2);
        CompletableFuture<Boolean> quorum = new CompletableFuture<>();
        List<CompletableFuture<Integer>> futures = new ArrayList<>(n);
        for (Supplier<Integer> supplier : suppliers) {
            CompletableFuture<Integer> future = CompletableFuture.supplyAsync(supplier, executor);
            future.thenRun(
                    () -> {
                        if (missing.decrementAndGet() == 0) {
                            quorum.complete(true);
                        }
                    });
            futures.add(future);
        }
        boolean reached = quorum.join();
        futures.forEach(each -> each.cancel(true));
        return reached;
    }

    @Benchmark
    public boolean guava() throws InterruptedException {
        CountDownLatch missing = new CountDownLatch(n / 2);
        FutureCallback<Integer> count =
                new FutureCallback<>() {
                    @Override
                    public void onSuccess(Integer value) {
                        missing.countDown();
                    }

                    @Override
                    public void onFailure(Throwable failure) {}
                };
        List<ListenableFuture<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            ListenableFuture<Integer> future = listening.submit(body);
            Futures.addCallback(future, count, MoreExecutors.directExecutor());
            futures.add(future);
        }
        missing.await();
        futures.forEach(each -> each.cancel(true));
        return true;
    }
}
