package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.benchmarks.kotlin.Kotlinx;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.CompositeFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** Gather {@code n} promises, and then complete each: all by the caller. No pool takes part. */
@Fork(
        value = 2,
        jvmArgs = {
            Contest.HEAP_FROM,
            Contest.HEAP_TO,
            Contest.NO_ASSERTIONS,
            Contest.NO_DEBUG,
            Contest.TWO_THREADS
        })
public class PromiseBenchmark extends Contest {
    @Param("1000")
    int n;

    private List<Integer> values;

    @Override
    void prepare() {
        values = values(n);
    }

    @Override
    Object expected() {
        return values(n);
    }

    @Benchmark
    public List<Integer> coro4j() {
        List<Promise<Integer>> promises = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            promises.add(Promise.create());
        }
        Future<List<Integer>> all = Gather.of(promises).all();
        for (int i = 0; i < n; i++) {
            promises.get(i).complete(values.get(i));
        }
        return all.join();
    }

    @Benchmark
    public List<Integer> kotlinx() {
        return Kotlinx.promises(values);
    }

    @Benchmark
    public List<Integer> completableFuture() {
        CompletableFuture<?>[] promises = new CompletableFuture<?>[n];
        for (int i = 0; i < n; i++) {
            promises[i] = new CompletableFuture<Integer>();
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(promises);
        for (int i = 0; i < n; i++) {
            complete(promises[i], values.get(i));
        }
        all.join();
        List<Integer> results = new ArrayList<>(n);
        for (CompletableFuture<?> promise : promises) {
            results.add((Integer) promise.join());
        }
        return results;
    }

    @SuppressWarnings("unchecked")
    private static void complete(CompletableFuture<?> promise, Integer value) {
        ((CompletableFuture<Integer>) promise).complete(value);
    }

    @Benchmark
    public List<Integer> guava() throws InterruptedException, ExecutionException {
        List<SettableFuture<Integer>> promises = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            promises.add(SettableFuture.create());
        }
        ListenableFuture<List<Integer>> all = Futures.allAsList(promises);
        for (int i = 0; i < n; i++) {
            promises.get(i).set(values.get(i));
        }
        return all.get();
    }

    @Benchmark
    public List<Integer> vertx() {
        List<io.vertx.core.Promise<Integer>> promises = new ArrayList<>(n);
        List<io.vertx.core.Future<Integer>> futures = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            io.vertx.core.Promise<Integer> promise = io.vertx.core.Promise.promise();
            promises.add(promise);
            futures.add(promise.future());
        }
        CompositeFuture all = io.vertx.core.Future.all(futures);
        for (int i = 0; i < n; i++) {
            promises.get(i).complete(values.get(i));
        }
        return all.result().list();
    }

    @Benchmark
    public List<Integer> mutiny() {
        List<UniEmitter<? super Integer>> emitters = new ArrayList<>(n);
        List<Uni<Integer>> unis = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            unis.add(Uni.createFrom().emitter(emitters::add));
        }
        CompletableFuture<List<Integer>> all =
                Uni.join().all(unis).andFailFast().subscribeAsCompletionStage();
        for (int i = 0; i < n; i++) {
            emitters.get(i).complete(values.get(i));
        }
        return all.join();
    }
}
