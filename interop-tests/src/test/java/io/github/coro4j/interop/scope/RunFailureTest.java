package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A body that throws makes {@code TaskScope.run} fail, and a task that fails does not (R23). */
class RunFailureTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Runs a main body that must fail, and returns the exception of the run. */
    static CompletionException failureOf(ThrowingFunction<TaskScope, Object> body) {
        return assertThrows(CompletionException.class, () -> TaskScope.run("main", body));
    }

    @Test
    @Rule(23)
    void theExceptionOfTheBodyIsTheCauseOfTheExceptionOfTheRun() {
        for (Throwable thrown :
                List.of(
                        new IOException("checked"),
                        new IllegalStateException("unchecked"),
                        new LinkageError("error"))) {
            CompletionException wrapper =
                    failureOf(
                            scope -> {
                                if (thrown instanceof Exception exception) {
                                    throw exception;
                                }
                                throw (Error) thrown;
                            });
            assertSame(thrown, wrapper.getCause());
        }
    }

    @Test
    @Rule(23)
    void aThrowingBodyCancelsItsTasksAndWaitsForThem() {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        Promise<Task<?>> child = Promise.create();
        Thread opener =
                new Thread(
                        () -> {
                            cleanUp.awaitReached();
                            cleanUp.open();
                        });
        opener.start();
        CompletionException wrapper =
                failureOf(
                        scope -> {
                            child.complete(
                                    scope.launch(
                                            "child",
                                            new SlowCleanUp(never, cleanUp)
                                                    .then(() -> trail.add("child cleaned up"))));
                            never.awaitReached();
                            throw boom;
                        });
        trail.add("run threw");
        assertSame(boom, wrapper.getCause());
        assertTrue(child.join().isCancelled());
        trail.assertSteps("child cleaned up", "run threw");
    }

    // Unlike in asyncio, the body sees the error of the child, not a cancellation.
    @Test
    @Rule(23)
    void aBodyThatWaitsForAFailingChildSeesTheChildsError() {
        IOException boom = new IOException("boom");
        String seen =
                TaskScope.run(
                        "main",
                        scope -> {
                            Task<String> child =
                                    scope.start(
                                            () -> {
                                                throw boom;
                                            });
                            CompletionException wrapper =
                                    assertThrows(CompletionException.class, child::join);
                            assertSame(boom, wrapper.getCause());
                            return "went on";
                        });
        assertEquals("went on", seen);
    }

    @Test
    @Rule(23)
    void failingAndCancelledChildrenDoNotEndTheRun() {
        IOException boom = new IOException("boom");
        String value =
                TaskScope.run(
                        "main",
                        scope -> {
                            Gate never = new Gate();
                            Task<Void> stopped = scope.launch("stopped", never::pass);
                            never.awaitReached();
                            stopped.cancel("not wanted");
                            scope.launch(
                                    "unread",
                                    () -> {
                                        throw boom;
                                    });
                            return "value";
                        });
        assertEquals("value", value);
        // The log shows the unread failure, with the name of the child.
        List<LogRecord> lines = leaks.takeLogged();
        assertEquals(1, lines.size());
        assertEquals(Level.SEVERE, lines.get(0).getLevel());
        assertTrue(lines.get(0).getMessage().contains("unread"), lines.get(0)::getMessage);
        assertSame(boom, lines.get(0).getThrown());
    }

    // The run ends with the failure of the body, and the failure of the child is reported.
    @Test
    @Rule(23)
    void aFailingBodyDoesNotHideAFailingChild() {
        IOException boom = new IOException("boom");
        IOException childsOwn = new IOException("the child's own");
        CompletionException wrapper =
                failureOf(
                        scope -> {
                            Task<?> child =
                                    scope.start(
                                            "child",
                                            () -> {
                                                throw childsOwn;
                                            });
                            while (!child.isDone()) {
                                Thread.onSpinWait();
                            }
                            throw boom;
                        });
        assertSame(boom, wrapper.getCause());
        List<LogRecord> lines = leaks.takeLogged();
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).getMessage().contains("child"), lines.get(0)::getMessage);
        assertSame(childsOwn, lines.get(0).getThrown());
    }
}
