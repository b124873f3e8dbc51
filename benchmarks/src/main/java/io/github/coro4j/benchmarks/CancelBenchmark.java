package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.benchmarks.kotlin.Kotlinx;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * A group of {@code n} pending promises is cancelled, and all have ended; those that were cancelled are counted. Vert.x
 * cannot cancel; CompletableFuture has to cancel each by hand.
 */
public class CancelBenchmark extends Contest {
    @Param("1000")
    int n;

    private final Arrivals arrivals = new Arrivals();

    @Override
    Object expected() {
        return n;
    }

    @Benchmark
    public int coro4j() {
        List<Promise<Integer>> promises = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            promises.add(Promise.create());
        }
        Future<List<Integer>> all = Gather.of(promises).all();
        all.cancelAndJoin("enough");
        int cancelled = 0;
        for (Promise<Integer> promise : promises) {
            if (promise.isCancelled()) {
                cancelled++;
            }
        }
        return cancelled;
    }

    @Benchmark
    public int kotlinx() {
        return Kotlinx.cancelPromises(n);
    }

    @Benchmark
    public int completableFuture() {
        CompletableFuture<?>[] promises = new CompletableFuture<?>[n];
        for (int i = 0; i < n; i++) {
            promises[i] = new CompletableFuture<Integer>();
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(promises);
        all.cancel(true);
        int cancelled = 0;
        for (CompletableFuture<?> promise : promises) {
            promise.cancel(true);
            if (promise.isCancelled()) {
                cancelled++;
            }
        }
        return cancelled;
    }

    @Benchmark
    public int guava() {
        List<SettableFuture<Integer>> promises = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            promises.add(SettableFuture.create());
        }
        Futures.allAsList(promises).cancel(true);
        int cancelled = 0;
        for (SettableFuture<Integer> promise : promises) {
            if (promise.isCancelled()) {
                cancelled++;
            }
        }
        return cancelled;
    }

    @Benchmark
    public int mutiny() {
        arrivals.reset();
        List<Uni<Integer>> unis = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            unis.add(Uni.createFrom().emitter(emitter -> emitter.onTermination(arrivals::arrive)));
        }
        Cancellable all = Uni.join().all(unis).andFailFast().subscribe().with(values -> {});
        all.cancel();
        return arrivals.await(n);
    }
}
