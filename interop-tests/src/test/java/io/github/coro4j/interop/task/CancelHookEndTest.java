package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R2, R7, R13: how tasks with hooks of {@code Task.onCancel} end. */
@SuppressWarnings("try") // the hooks are only closed
class CancelHookEndTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();

    @Test
    @Rule(2)
    void cancelledTask_endsAfterItsHooks() {
        Gate hook = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Task.onCancel(hook::pass);
                                work.pass();
                            });
            work.awaitReached();
            query.cancel("stop");
            hook.awaitReached();
            assertFalse(query.isDone());
            hook.open();
            assertTrue(query.joinOutcome().isCancelled());
        }
    }

    @Test
    @Rule(14)
    void hookThatIsGone_canBeRemovedAndClosedAgain() {
        try (TaskScope scope = leaks.open("app")) {
            Registration outlives =
                    scope.start(
                                    "query",
                                    () -> {
                                        Registration removed = Task.onCancel(() -> {});
                                        assertTrue(removed.remove());
                                        assertFalse(removed.remove());
                                        removed.close();
                                        Registration closed = Task.onCancel(() -> {});
                                        closed.close();
                                        closed.close();
                                        return Task.onCancel(() -> {});
                                    })
                            .join();
            outlives.close();
            outlives.close();
        }
    }

    // The hook is handed over, and no thread has begun it yet.
    @Test
    @Rule(14)
    void close_waitsForAHookThatIsAboutToRun() throws Exception {
        try (TaskScope scope = leaks.open("app")) {
            for (int round = 0; round < 500; round++) {
                AtomicInteger runs = new AtomicInteger();
                Promise<Registration> added = Promise.create();
                Task<?> query =
                        scope.launch(
                                () -> {
                                    added.complete(Task.onCancel(runs::incrementAndGet));
                                    new Gate().pass();
                                });
                Registration hook = added.join();
                query.cancel("stop");
                hook.close();
                assertEquals(1, runs.get());
            }
        }
    }

    @Test
    @Rule(13)
    void hookThatThrows_isReportedWithTheNameOfTheTask() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Task.onCancel(
                                        () -> {
                                            throw broken;
                                        });
                                work.pass();
                            });
            work.awaitReached();
            assertTrue(query.cancelAndJoin("stop").isCancelled());
        }
        FailureReport report = leaks.awaitReports(1).get(0);
        assertEquals(FailureReport.Kind.CANCEL_HOOK_FAILED, report.kind());
        assertEquals("task \"query\": a cancel hook threw", report.message());
        assertSame(broken, report.exception());
    }

    // Most likely the hook has caused the exception, by closing what the body was using.
    @Test
    @Rule(7)
    void exceptionAfterAHook_isTheCancel_butAnErrorIsAFailure() {
        IOException closed = new IOException("closed");
        AssertionError error = new AssertionError("a fault of the body");
        try (TaskScope scope = leaks.open("app")) {
            for (Throwable thrown : List.of(closed, error)) {
                Gate read = new Gate();
                Task<?> task =
                        scope.start(
                                "read",
                                () -> {
                                    try (Registration hook = Task.onCancel(read::open)) {
                                        read.passUninterruptibly();
                                    }
                                    if (thrown instanceof Error) {
                                        throw (Error) thrown;
                                    }
                                    throw (Exception) thrown;
                                });
                read.awaitReached();
                Outcome<?> end = task.cancelAndJoin("stop");
                assertEquals(thrown == closed, end.isCancelled());
                assertEquals(thrown == error, end.isFailure());
                if (end.isCancelled()) {
                    assertSame(closed, end.exceptionOrNull().getSuppressed()[0]);
                }
            }
        }
    }

    // The cancel has been requested, but has not come to the hooks: the listener of the scope holds
    // it.
    @Test
    @Rule(7)
    void failureBeforeTheFirstHook_isAFailure() {
        Gate requested = new Gate();
        TaskListener holding =
                new TaskListener() {
                    @Override
                    public void cancelRequested(TaskEvent event) {
                        requested.passUninterruptibly();
                    }
                };
        try (TaskScope scope = leaks.open("app", holding)) {
            Task<?> task =
                    scope.start(
                            "task",
                            () -> {
                                Task.onCancel(() -> {});
                                work.open();
                                requested.awaitReached();
                                throw new IllegalStateException("a fault of the body");
                            });
            CompletableFuture<Boolean> cancel =
                    CompletableFuture.supplyAsync(
                            () -> {
                                work.passUninterruptibly();
                                return task.cancel("stop");
                            });
            assertTrue(task.joinOutcome().isFailure());
            requested.open();
            assertTrue(cancel.join());
        }
    }

    // A cancel that meets the end of the body either runs the hook and ends the task as cancelled,
    // or does neither.
    @Test
    @Rule(5)
    void hookRuns_ifAndOnlyIfTheTaskIsCancelled() throws Exception {
        try (TaskScope scope = leaks.open("app")) {
            Race.rounds(
                    1_000,
                    (race, random) -> {
                        AtomicInteger runs = new AtomicInteger();
                        CountDownLatch added = new CountDownLatch(1);
                        CountDownLatch go = new CountDownLatch(1);
                        Task<?> query =
                                scope.launch(
                                        "query",
                                        () -> {
                                            Task.onCancel(runs::incrementAndGet);
                                            added.countDown();
                                            while (go.getCount() > 0) {
                                                Thread.onSpinWait();
                                            }
                                        });
                        added.await();
                        race.run(
                                random,
                                () -> {
                                    go.countDown();
                                    return query.joinOutcome();
                                },
                                () -> query.cancel("stop"));
                        assertEquals(query.isCancelled() ? 1 : 0, runs.get());
                    });
        }
    }
}
