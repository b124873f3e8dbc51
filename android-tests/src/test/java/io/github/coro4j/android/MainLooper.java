package io.github.coro4j.android;

import static org.robolectric.Shadows.shadowOf;

import android.os.Looper;
import io.github.coro4j.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Drives the main looper, whose thread is that of the test. */
final class MainLooper {
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private MainLooper() {}

    /** Runs what is posted now. */
    static void idle() {
        shadowOf(Looper.getMainLooper()).idle();
    }

    /** Runs what is posted until other threads have made the condition true. */
    static void idleUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + GUARD_NANOS;
        while (!condition.getAsBoolean()) {
            idle();
            Thread.yield();
            if (System.nanoTime() > end) {
                throw new AssertionError("the test hangs:\n" + TaskScope.dumpAll());
            }
        }
        idle();
    }

    /** Runs what is posted until no scope but the global one is open, and that one is idle. */
    static void idleUntilNothingRuns() {
        idleUntil(
                () -> {
                    String dump = TaskScope.dumpAll();
                    return dump.indexOf('\n') == dump.length() - 1
                            && TaskScope.global().tasks().isEmpty();
                });
    }

    /** Calls on a thread that is not the main thread, and returns what the call returned or threw. */
    static Object elsewhere(Callable<?> call) throws InterruptedException {
        Object[] end = new Object[1];
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                end[0] = call.call();
                            } catch (Throwable e) {
                                end[0] = e;
                            }
                        });
        thread.start();
        thread.join();
        return end[0];
    }
}
