package com.example.headlines;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.robolectric.Shadows.shadowOf;

import android.content.pm.ApplicationInfo;
import android.os.Looper;
import io.github.coro4j.BlockingRefusedException;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.rules.ExternalResource;
import org.robolectric.RuntimeEnvironment;

/**
 * Checks, around each test, that no call blocked the main thread in Coro4j, that Coro4j logged nothing, and that no task
 * and no scope is left.
 */
final class AppRule extends ExternalResource {
    /**
     * No package has this name. Robolectric loads Coro4j once for each list of packages, so the classes that name it share
     * an engine that no other test has used.
     */
    static final String SANDBOX = "com.example.headlines.sandbox";

    private static final long GUARD_NANOS = Duration.ofSeconds(30).toNanos();

    private final Logger logger = Logger.getLogger("io.github.coro4j");
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord record) {
                    logged.add(record.getMessage() + " " + record.getThrown());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @Override
    protected void before() throws Throwable {
        // A debug build has this flag. Robolectric sets it only if it reads a merged manifest.
        RuntimeEnvironment.getApplication().getApplicationInfo().flags |=
                ApplicationInfo.FLAG_DEBUGGABLE;
        Promise<String> promise = Promise.create();
        assertThrows(BlockingRefusedException.class, () -> promise.join(Duration.ofSeconds(1)));
        promise.cancel();
        logger.addHandler(handler);
    }

    @Override
    protected void after() {
        try {
            awaitNoTasks();
            assertEquals(List.of(), logged);
        } finally {
            logger.removeHandler(handler);
        }
    }

    /** Runs the main looper until all scopes but the global one are closed, and no task is left. */
    static void awaitNoTasks() {
        runMainUntil(() -> TaskScope.dumpAll().lines().count() == 1);
        assertEquals(List.of(), List.copyOf(TaskScope.global().tasks()));
        runMain();
    }

    static void runMain() {
        shadowOf(Looper.getMainLooper()).idle();
    }

    /** Runs the main looper until the condition is met. */
    static void runMainUntil(BooleanSupplier condition) {
        spinUntil(
                () -> {
                    runMain();
                    return condition.getAsBoolean();
                });
    }

    /** Waits until the condition is met, without running the main looper. */
    static void spinUntil(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > GUARD_NANOS) {
                throw new AssertionError("nothing happens any more\n" + TaskScope.dumpAll());
            }
            Thread.yield();
        }
    }
}
