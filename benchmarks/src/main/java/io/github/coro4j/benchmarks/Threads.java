package io.github.coro4j.benchmarks;

import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Counts the threads that exist at once while bodies block on the default executor. First 10,000 bodies that each sleep for a
 * millisecond, beside a cached thread pool; then a gather with {@code concurrency(1)} whose bodies each wait for a future, which the
 * main thread completes. Both run again and again, so that the pool has all the threads that it wants. Platform threads are
 * counted, so on JDK 24 and later these are the carriers of virtual threads.
 */
public final class Threads {
    private static final int BODIES = 10_000;
    private static final int WAITING = 1_000;
    private static final int ROUNDS = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Properties measured = new Properties();

    /** Number of threads before the engine had any. */
    private final int atFirst = THREADS.getThreadCount();

    private Threads() {}

    public static void main(String[] arguments) throws Exception {
        Threads threads = new Threads();
        threads.waiting();
        threads.blocking();
        Program.leave(threads.measured);
        // The idle threads of the cached pool would keep this JVM for a minute.
        System.exit(0);
    }

    private void waiting() throws Exception {
        THREADS.resetPeakThreadCount();
        try (TaskScope scope = TaskScope.open("waiting")) {
            for (int round = 0; round < ROUNDS; round++) {
                waitForEach(scope);
            }
        }
        note("limited", atFirst);
    }

    /** Completes each future once the body that waits for it has begun. */
    private static void waitForEach(TaskScope scope) throws InterruptedException {
        List<Waiting> bodies = new ArrayList<>();
        for (int i = 0; i < WAITING; i++) {
            bodies.add(new Waiting(Promise.create(), new CountDownLatch(1)));
        }
        var all = scope.gather(bodies, Waiting::await).concurrency(1).all();
        for (Waiting body : bodies) {
            body.begun.await();
            body.promise.complete(1);
        }
        all.join();
    }

    private record Waiting(Promise<Integer> promise, CountDownLatch begun) {
        int await() {
            begun.countDown();
            return promise.join();
        }
    }

    private void blocking() throws Exception {
        List<Callable<Integer>> bodies = new ArrayList<>();
        for (int i = 0; i < BODIES; i++) {
            bodies.add(
                    () -> {
                        Thread.sleep(1);
                        return 1;
                    });
        }
        THREADS.resetPeakThreadCount();
        try (TaskScope scope = TaskScope.open("blocking")) {
            for (int round = 0; round < ROUNDS; round++) {
                Gather<Integer> gather = scope.gather(bodies);
                gather.all().join();
            }
        }
        note("gather", atFirst);
        THREADS.resetPeakThreadCount();
        int before = THREADS.getThreadCount();
        ExecutorService cached = Executors.newCachedThreadPool();
        for (int round = 0; round < ROUNDS; round++) {
            GatherVirtualBenchmark.submit(bodies, cached);
        }
        note("cachedThreadPool", before);
    }

    private void note(String what, int before) throws IOException {
        int most = THREADS.getPeakThreadCount() - before;
        System.out.printf(Locale.ROOT, "threads at once, %s: %,d%n", what, most);
        measured.setProperty("threads." + what, Integer.toString(most));
    }
}
