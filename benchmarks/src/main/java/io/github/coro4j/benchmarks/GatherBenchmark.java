package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.smallrye.mutiny.Uni;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** Start {@code n} bodies that do nothing, wait for all, have their values in a list. */
@Fork(
        value = 2,
        jvmArgs = {
            Contest.HEAP_FROM,
            Contest.HEAP_TO,
            Contest.NO_ASSERTIONS,
            Contest.NO_DEBUG,
            Contest.TWO_THREADS
        })
public class GatherBenchmark extends Contest {
    @Param({"1", "100", "10000"})
    int n;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;
    private TaskScope onOwnPool;

    @Override
    void prepare() {
        bodies = callables(n);
        suppliers = suppliers(n);
        onOwnPool = TaskScope.open("own pool");
    }

    @Override
    void release() {
        onOwnPool.close();
    }

    @Override
    Object expected() {
        return values(n);
    }

    /** A plan of ours that owns its bodies. */
    @Benchmark
    public List<Integer> coro4jGather() {
        return onPool.gather(bodies).all().join();
    }

    /** Tasks of ours, each held by the caller, and a gather over them. */
    @Benchmark
    public List<Integer> coro4jTasks() {
        return tasks(bodies, onPool);
    }

    static List<Integer> tasks(List<Callable<Integer>> bodies, TaskScope scope) {
        List<Task<Integer>> tasks = new ArrayList<>(bodies.size());
        for (Callable<Integer> body : bodies) {
            tasks.add(scope.start(body));
        }
        return Gather.of(tasks).all().join();
    }

    /** Runs the bodies of {@link #coro4jGather} on the engine's own pool: virtual threads on JDK 24 and later. */
    @Benchmark
    public List<Integer> coro4jOwnPool() {
        return onOwnPool.gather(bodies).all().join();
    }

    @Benchmark
    public List<Integer> kotlinxDefault() {
        return kotlinxOnDefault.gather(bodies);
    }

    @Benchmark
    public List<Integer> kotlinxPool() {
        return kotlinxOnPool.gather(bodies);
    }

    @Benchmark
    public List<Integer> completableFuture() {
        return completableFutures(suppliers, executor);
    }

    static List<Integer> completableFutures(
            List<Supplier<Integer>> suppliers, ExecutorService executor) {
        CompletableFuture<?>[] futures = new CompletableFuture<?>[suppliers.size()];
        for (int i = 0; i < futures.length; i++) {
            futures[i] = CompletableFuture.supplyAsync(suppliers.get(i), executor);
        }
        CompletableFuture.allOf(futures).join();
        List<Integer> values = new ArrayList<>(futures.length);
        for (CompletableFuture<?> future : futures) {
            values.add((Integer) future.join());
        }
        return values;
    }

    @Benchmark
    public List<Integer> guava() throws InterruptedException, ExecutionException {
        List<ListenableFuture<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            futures.add(listening.submit(body));
        }
        return Futures.allAsList(futures).get();
    }

    /** Promises without a context: the cheapest there are, and they need no event loop. */
    @Benchmark
    public List<Integer> vertx() {
        List<Future<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            Promise<Integer> promise = Promise.promise();
            executor.execute(() -> complete(promise, body));
            futures.add(promise.future());
        }
        CompositeFuture all = Future.all(futures);
        all.toCompletionStage().toCompletableFuture().join();
        return all.list();
    }

    private static void complete(Promise<Integer> promise, Callable<Integer> body) {
        try {
            promise.complete(body.call());
        } catch (Exception e) {
            promise.fail(e);
        }
    }

    @Benchmark
    public List<Integer> mutiny() {
        List<Uni<Integer>> unis = new ArrayList<>(n);
        for (Supplier<Integer> supplier : suppliers) {
            unis.add(Uni.createFrom().item(supplier).runSubscriptionOn(executor));
        }
        return Uni.join().all(unis).andFailFast().await().indefinitely();
    }
}
