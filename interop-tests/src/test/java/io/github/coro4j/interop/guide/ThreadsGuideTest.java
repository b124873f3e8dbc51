package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
