package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.BlockingGuard.Answer;
import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThreadBoundExecutor;
import io.github.coro4j.TimeSource;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.logging.LogRecord;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the javadoc that open or use a scope are regions of this class, and run. */
class ScopeExamplesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Test
    void asExecutorService() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            // region asExecutorService
            LegacyClient client = new LegacyClient(scope.asExecutorService());
            // endregion
            assertEquals(
                    "scope", client.executor().submit(() -> Task.current().scope().name()).get());
        }
    }

    private record LegacyClient(ExecutorService executor) {}

    @Test
    void taskScope() {
        // region TaskScope
        try (TaskScope scope = TaskScope.open("page")) {
            Task<String> user = scope.start("user", () -> loadUser());
            Task<String> cart = scope.start("cart", () -> loadCart());
            render(user.join(), cart.join());
        } // Leaving the block cancels unfinished tasks and waits for them to stop.
        // endregion
        trail.assertSteps("ada, something");
    }

    @Test
    void run() {
        // region TaskScope.run
        int total =
                TaskScope.run(
                        "sum",
                        scope -> {
                            Task<Integer> a = scope.start(() -> 20);
                            Task<Integer> b = scope.start(() -> 22);
                            return a.join() + b.join();
                        });
        // endregion
        assertEquals(42, total);
    }

    @Test
    void dumpAll(@TempDir Path directory) throws IOException {
        Path report = directory.resolve("report.txt");
        // region dumpAll
        Files.writeString(report, TaskScope.dumpAll());
        // endregion
        assertTrue(Files.readString(report).startsWith("scope \"global\""));
    }

    @Test
    void blockingGuard() {
        // region BlockingGuard
        TaskScope window =
                TaskScope.builder()
                        .name("window")
                        .blockingGuard(
                                awaited ->
                                        SwingUtilities.isEventDispatchThread()
                                                ? Answer.REFUSE
                                                : Answer.ALLOW)
                        .open();
        // endregion
        assertEquals("page", window.start(() -> "page").join());
        window.close();
    }

    @Test
    void threadBoundExecutor() {
        // region ThreadBoundExecutor
        ThreadBoundExecutor ui =
                ThreadBoundExecutor.of(
                        SwingUtilities::invokeLater, SwingUtilities::isEventDispatchThread);
        TaskScope window = TaskScope.builder().name("window").callbackExecutor(ui).open();
        // endregion
        assertFalse(ui.isCurrentThread());
        window.close();
    }

    @Test
    void closeAsync() {
        TaskScope scope = leaks.open("page");
        String home = "home";
        // region closeAsync
        scope.closeAsync("the page was left").onSuccess(closed -> show(home));
        // endregion
        trail.await("home");
        scope.close();
    }

    @Test
    void closeInTime() {
        TaskScope scope = leaks.open("page");
        // region close
        if (!scope.close(Duration.ofSeconds(5))) {
            scope.logDump();
        }
        // endregion
        assertFalse(scope.isOpen());
    }

    @Test
    void joinInTime() {
        try (TaskScope scope = leaks.open("page")) {
            // region join
            if (!scope.join(Duration.ofSeconds(2))) {
                scope.logDump();
            }
            // endregion
            assertTrue(scope.isOpen());
        }
    }

    private void show(String page) {
        trail.add(page);
    }

    private static String loadUser() {
        return "ada";
    }

    private static String loadCart() {
        return "something";
    }

    private void render(String user, String cart) {
        trail.add(user + ", " + cart);
    }

    /** A clock that the test moves. It has one timer. */
    private static final class HandClock implements TimeSource {
        private Duration now = Duration.ZERO;
        private Runnable timer = () -> {};

        @Override
        public long nanoTime() {
            return now.toNanos();
        }

        @Override
        public Registration schedule(Duration delay, Runnable action) {
            timer = action;
            return new Registration() {
                @Override
                public boolean remove() {
                    return false;
                }

                @Override
                public void close() {}
            };
        }

        void advance(Duration step) {
            now = now.plus(step);
            timer.run();
        }
    }

    @Test
    void timeSource() {
        HandClock clock = new HandClock();
        Promise<String> never = Promise.create();
        // region TimeSource
        try (TaskScope scope = TaskScope.builder().name("shop").timeSource(clock).open()) {
            Future<String> price =
                    scope.start("price", () -> never.join()).orTimeout(Duration.ofHours(1));
            clock.advance(Duration.ofHours(1)); // price has timed out
        }
        // endregion
        List<LogRecord> unread = leaks.takeLogged();
        assertEquals(1, unread.size());
        assertTrue(unread.get(0).getMessage().contains("price.orTimeout"));
    }

    @Test
    void failureListener() throws InterruptedException {
        // region failureListener
        ThreadLocal<String> request = new ThreadLocal<>();
        TaskScope.Builder builder =
                TaskScope.builder()
                        .contextPropagator(ContextPropagator.of(request))
                        .failureListener(report -> log(request.get() + ": " + report.message()));
        // endregion
        try (TaskScope scope = leaks.opened(builder.open())) {
            request.set("4711");
            ControlledFuture.awaitDone(
                    scope.start(
                            "load",
                            () -> {
                                throw new IOException("broken");
                            }));
        } finally {
            request.remove();
        }
        trail.assertSteps("4711: task \"load\" failed, and no code has read the failure");
    }

    private void log(String line) {
        trail.add(line);
    }
}
