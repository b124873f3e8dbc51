package io.github.coro4j.interop.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes several calls begin at the same moment, round after round, with seeded jitter. */
public final class Race implements AutoCloseable {
    private static final int JITTER = 200;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** One round of a race. */
    @FunctionalInterface
    public interface Round {
        void run(Race race, Random random) throws Exception;
    }

    /** Runs the round the given number of times. A failure shows the seed, and {@code -Dcoro4j.seed} sets it. */
    public static void rounds(int count, Round round) {
        long seed = Long.getLong("coro4j.seed", System.nanoTime());
        Random random = new Random(seed);
        try (Race race = new Race()) {
            for (int i = 0; i < count; i++) {
                try {
                    round.run(race, random);
                } catch (Throwable e) {
                    throw new AssertionError(
                            "round " + i + " with -Dcoro4j.seed=" + seed + ": " + e, e);
                }
            }
        }
    }

    /** Runs all racers at the same moment, each after a short spin, and returns their results. */
    @SafeVarargs
    public final <T> List<T> run(Random random, Callable<? extends T>... racers) throws Exception {
        AtomicInteger atTheLine = new AtomicInteger();
        List<Future<T>> running = new ArrayList<>();
        for (Callable<? extends T> racer : racers) {
            int spins = random.nextInt(JITTER);
            running.add(
                    threads.submit(
                            () -> {
                                atTheLine.incrementAndGet();
                                while (atTheLine.get() < racers.length) {
                                    Thread.yield();
                                }
                                spin(spins);
                                return racer.call();
                            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : running) {
            try {
                results.add(each.get());
            } catch (ExecutionException e) {
                throw new AssertionError("a racer threw " + e.getCause(), e.getCause());
            }
        }
        return results;
    }

    public static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
