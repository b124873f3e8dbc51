package io.github.coro4j.benchmarks;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;

/**
 * A million sleepers in one scope, each held by the caller; then the end of the scope cancels them all. To be run with a
 * small heap, in which only so many fit.
 */
public final class Sleepers {
    private static final int COUNT = 1_000_000;

    private final Properties measured = new Properties();

    private Sleepers() {}

    public static void main(String[] arguments) throws IOException {
        new Sleepers().measure();
    }

    private void measure() throws IOException {
        long before = usedAfterGc();
        System.out.printf(
                Locale.ROOT,
                "%,d sleepers, in a heap of %,d MB at most:%n",
                COUNT,
                Runtime.getRuntime().maxMemory() / 1_000_000);
        long started = System.nanoTime();
        TaskScope scope = TaskScope.open("sleepers");
        Future<?>[] sleepers = scope.start(Sleepers::sleepers).join();
        System.out.printf(Locale.ROOT, "started in %,d ms%n", millisSince(started));
        note("megabytes", (usedAfterGc() - before) / 1_000_000);
        started = System.nanoTime();
        scope.close();
        note("closedMillis", millisSince(started));
        Reference.reachabilityFence(sleepers);
    }

    /** Left at once: the next step may run out of memory. */
    private void note(String what, long value) throws IOException {
        System.out.printf(Locale.ROOT, "%s: %,d%n", what, value);
        measured.setProperty("sleepers." + what, Long.toString(value));
        Program.leave(measured);
    }

    /** Called in a task, so that they are of its scope. */
    private static Future<?>[] sleepers() {
        Future<?>[] sleepers = new Future<?>[COUNT];
        for (int i = 0; i < COUNT; i++) {
            sleepers[i] = Task.sleep(Duration.ofHours(1));
        }
        return sleepers;
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static long usedAfterGc() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
