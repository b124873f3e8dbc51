package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.github.coro4j.BlockingGuard;
import io.github.coro4j.BlockingGuard.Answer;
import io.github.coro4j.EngineSettings;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThreadBoundExecutor;
import io.github.coro4j.interop.testing.ChildProcess;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/guide/threads.md are regions of this class. */
class ThreadsGuideTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final AtomicBoolean broken = new AtomicBoolean();
    private volatile Thread loader;
    private volatile Thread shower;

    @Test
    void callbacks_runOnTheThreadOfTheUserInterface() {
        try (OneThreadExecutor ui = new OneThreadExecutor("ui")) {
            // region A user interface
            TaskScope window = TaskScope.builder().name("window").callbackExecutor(ui).open();
            window.start("page", () -> load())
                    .onSuccess(page -> show(page))
                    .onFailure(e -> showError(e));
            // endregion
            leaks.opened(window);
            trail.await("page");
            assertEquals(ui.thread(), shower);
            assertNotSame(ui.thread(), loader);
            ui.execute(
                    () -> {
                        // region A user interface
                        window.closeAsync("the window was closed");
                        // endregion
                    });
            window.close();
        }
        trail.assertSteps("page");
    }

    @Test
    void anExecutorKnowsItsThread() {
        // region A user interface
        ThreadBoundExecutor ui =
                ThreadBoundExecutor.of(
                        SwingUtilities::invokeLater, SwingUtilities::isEventDispatchThread);
        // endregion
        assertFalse(ui.isCurrentThread());
    }

    @Test
    void aGuardLetsOtherThreadsWait() {
        // region Threads that must not block
        BlockingGuard guard =
                awaited -> SwingUtilities.isEventDispatchThread() ? Answer.REFUSE : Answer.ALLOW;
        TaskScope window = TaskScope.builder().name("window").blockingGuard(guard).open();
        // endregion
        assertEquals("page", leaks.opened(window).start(() -> "page").join());
        window.close();
    }

    /** Settings hold for a process, so this is a program of its own. */
    static final class SetUp {
        public static void main(String[] args) {
            // region Settings of the engine
            EngineSettings.create()
                    .poolThreads(32) // the default is 128
                    .idleTime(Duration.ofSeconds(2)) // the default is five seconds
                    .threadStart(thread -> thread.setPriority(Thread.MIN_PRIORITY))
                    .failureListener(report -> alert(report))
                    .apply();
            // endregion
            Task.launch("broken", () -> Integer.parseInt("x"));
            TaskScope.global().join();
        }

        private static void alert(FailureReport report) {
            System.out.println("alert: " + report.name());
        }
    }

    @Test
    void theSettingsAreApplied() throws Exception {
        assertEquals("alert: broken\n", ChildProcess.run(2, List.of(), SetUp.class).printed());
    }

    @Test
    void callbacks_runOnTheEventLoop() {
        try (OneThreadExecutor eventLoop = new OneThreadExecutor("loop");
                TaskScope scope = leaks.open("server")) {
            respond(scope, eventLoop);
            trail.await("page");
            assertEquals(eventLoop.thread(), shower);
            broken.set(true);
            respond(scope, eventLoop);
            trail.await("no answer");
            assertEquals(eventLoop.thread(), shower);
        }
    }

    private void respond(TaskScope scope, OneThreadExecutor eventLoop) {
        // region Event loops
        scope.start("page", () -> load())
                .onSuccess(page -> reply(page), eventLoop)
                .onFailure(e -> replyError(e), eventLoop);
        // endregion
    }

    private String load() throws IOException {
        loader = Thread.currentThread();
        if (broken.get()) throw new IOException("no answer");
        return "page";
    }

    private void show(String page) {
        shower = Thread.currentThread();
        trail.add(page);
    }

    private void showError(Throwable failure) {
        show(failure.getMessage());
    }

    private void reply(String page) {
        show(page);
    }

    private void replyError(Throwable failure) {
        show(failure.getMessage());
    }

    @Test
    void aPoolOfOneThread_doesNotBlockForEver() {
        try (OneThreadExecutor pool = new OneThreadExecutor("pool");
                TaskScope scope = leaks.open("one", pool)) {
            Task<Integer> outer = scope.start("outer", () -> scope.start("inner", () -> 7).join());
            assertEquals(7, outer.join());
        }
    }

    @Test
    void anExecutorThatRefuses_failsTheTask() {
        TaskScope scope =
                leaks.open(
                        "refused",
                        body -> {
                            throw new RejectedExecutionException("full");
                        });
        try (scope) {
            Throwable failure = scope.start(() -> 7).joinOutcome().exceptionOrNull();
            assertInstanceOf(RejectedExecutionException.class, failure);
        }
    }
}
