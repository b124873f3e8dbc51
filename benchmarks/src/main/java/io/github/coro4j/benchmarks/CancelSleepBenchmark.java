package io.github.coro4j.benchmarks;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A group of {@code n} that would sleep for an hour is cancelled, and all have ended; they are counted. */
public class CancelSleepBenchmark extends Contest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Param("1000")
    int n;

    private final Arrivals begun = new Arrivals();
    private final Arrivals interrupted = new Arrivals();

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
                        sleepers.add(Task.sleep(HOUR));
                    }
                    Gather.of(sleepers).all().cancelAndJoin("enough");
                    int cancelled = 0;
                    for (Future<?> sleeper : sleepers) {
                        if (sleeper.isCancelled()) {
                            cancelled++;
                        }
                    }
                    return cancelled;
                });
    }

    @Benchmark
    public int kotlinxDefault() {
        return kotlinxOnDefault.cancelSleepers(n, HOUR.toMillis());
    }

    @Benchmark
    public int completableFuture() {
        CompletableFuture<?>[] sleepers = new CompletableFuture<?>[n];
        for (int i = 0; i < n; i++) {
            sleepers[i] =
                    new CompletableFuture<Integer>()
                            .completeOnTimeout(null, HOUR.toMillis(), TimeUnit.MILLISECONDS);
        }
        int cancelled = 0;
        for (CompletableFuture<?> sleeper : sleepers) {
            sleeper.cancel(true);
            if (sleeper.isCancelled()) {
                cancelled++;
            }
        }
        return cancelled;
    }

    @Benchmark
    public int virtualThreads() {
        begun.reset();
        interrupted.reset();
        ExecutorService threads = Pool.VIRTUAL.open();
        for (int i = 0; i < n; i++) {
            threads.execute(this::sleep);
        }
        begun.await(n);
        threads.shutdownNow();
        return interrupted.await(n);
    }

    private void sleep() {
        begun.arrive();
        try {
            Thread.sleep(HOUR.toMillis());
        } catch (InterruptedException e) {
            interrupted.arrive();
        }
    }
}
