package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.ListeningScheduledExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * {@code n} sleep for a millisecond each, at once, and are waited for; of the time, one millisecond in all is sleep. Vert.x
 * has timers only on an event loop.
 */
public class SleepBenchmark extends Contest {
    private static final int MILLIS = 1;
    private static final Duration DURATION = Duration.ofMillis(MILLIS);

    @Param("10000")
    int n;

    private ListeningScheduledExecutorService scheduler;

    @Override
    void prepare() {
        scheduler = MoreExecutors.listeningDecorator(new ScheduledThreadPoolExecutor(1));
    }

    @Override
    void release() {
        scheduler.shutdownNow();
    }

    @Override
    Object expected() {
        return n;
    }

    @Benchmark
    public int coro4j() {
        return TaskScope.run(
                "sleepers",
                scope -> {
                    List<Future<?>> sleepers = new ArrayList<>(n);
                    for (int i = 0; i < n; i++) {
                        sleepers.add(Task.sleep(DURATION));
                    }
                    return Gather.of(sleepers).all().join().size();
                });
    }

    @Benchmark
    public int kotlinxDefault() {
        return kotlinxOnDefault.sleep(n, MILLIS);
    }

    @Benchmark
    public int completableFuture() {
        CompletableFuture<?>[] sleepers = new CompletableFuture<?>[n];
        for (int i = 0; i < n; i++) {
            sleepers[i] =
                    new CompletableFuture<Integer>()
                            .completeOnTimeout(null, MILLIS, TimeUnit.MILLISECONDS);
        }
        CompletableFuture.allOf(sleepers).join();
        return sleepers.length;
    }

    @Benchmark
    public int guava() throws InterruptedException, ExecutionException {
        List<ListenableFuture<?>> sleepers = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            sleepers.add(scheduler.schedule(() -> {}, MILLIS, TimeUnit.MILLISECONDS));
        }
        return Futures.allAsList(sleepers).get().size();
    }

    @Benchmark
    public int mutiny() {
        List<Uni<Integer>> sleepers = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            sleepers.add(
                    Uni.createFrom().item(0).onItem().delayIt().onExecutor(scheduler).by(DURATION));
        }
        return Uni.join().all(sleepers).andFailFast().await().indefinitely().size();
    }

    @Benchmark
    public int virtualThreads() throws InterruptedException, ExecutionException {
        ExecutorService threads = Pool.VIRTUAL.open();
        List<java.util.concurrent.Future<Integer>> sleepers = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            sleepers.add(
                    threads.submit(
                            () -> {
                                Thread.sleep(MILLIS);
                                return 0;
                            }));
        }
        int ended = 0;
        for (java.util.concurrent.Future<Integer> sleeper : sleepers) {
            ended += 1 + sleeper.get();
        }
        threads.shutdown();
        return ended;
    }
}
