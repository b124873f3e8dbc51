package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code close()} cancels the tasks, waits for bodies and callbacks, and then reports unread failures (R23). */
class ScopeCloseTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(23)
    void closingCancelsTheTasksThatRunAndWaitsForTheirCleanUp() throws InterruptedException {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        TaskScope scope = leaks.open("page");
        Task<String> task =
                scope.start(
                        "slow",
                        new SlowCleanUp(never, cleanUp).then(() -> trail.add("cleaned up")));
        never.awaitReached();
        Thread closer =
                new Thread(
                        () -> {
                            scope.close();
                            trail.add("closed");
                        });
        closer.start();
        cleanUp.awaitReached();
        assertTrue(task.isCancelling());
        cleanUp.open();
        closer.join();
        trail.assertSteps("cleaned up", "closed");
        assertTrue(task.isCancelled());
        assertEquals(
                "slow", assertInstanceOf(TaskCancelledException.class, task.exception()).name());
    }

    @Test
    @Rule(23)
    void closingWaitsForCallbacks() {
        Gate callback = new Gate();
        Trail trail = new Trail();
        TaskScope scope = leaks.open("page");
        Task<String> task = scope.start("quick", () -> "value");
        task.addDoneCallback(
                f -> {
                    callback.passUninterruptibly();
                    trail.add("first callback");
                });
        task.addDoneCallback(f -> trail.add("second callback"));
        callback.awaitReached();
        Thread opener = new Thread(callback::open);
        opener.start();
        scope.close();
        trail.add("closed");
        trail.assertSteps("first callback", "second callback", "closed");
    }

    // The task is done before the callback is added.
    @Test
    @Rule({11, 23})
    void closingWaitsForCallbacksThatWereAddedLate() {
        Trail trail = new Trail();
        TaskScope scope = leaks.open("page");
        Task<String> task = scope.start("quick", () -> "value");
        task.join();
        task.addDoneCallback(f -> trail.add("late callback"));
        scope.close();
        trail.add("closed");
        trail.assertSteps("late callback", "closed");
    }

    // A callback is the last code that can read the failure.
    @Test
    @Rule({16, 23})
    void aFailureThatACallbackReadsIsNotReported() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("page")) {
            Task<String> failing =
                    scope.start(
                            "failing",
                            () -> {
                                gate.passUninterruptibly();
                                throw new IOException("boom");
                            });
            failing.addDoneCallback(f -> f.exception());
            gate.awaitReached();
            gate.open();
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    @Rule(16)
    void aFailureDuringTheCloseIsReportedOnceAndNotThrown() {
        IOException mess = new IOException("could not clean up");
        Gate never = new Gate();
        TaskScope scope = leaks.open("page");
        Task<String> messy =
                scope.start(
                        "messy",
                        () -> {
                            try {
                                never.pass();
                                return "never";
                            } catch (InterruptedException e) {
                                throw mess;
                            }
                        });
        never.awaitReached();
        scope.close();
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(FailureReport.Kind.UNREAD_FAILURE, reports.get(0).kind());
        assertEquals("messy", reports.get(0).name());
        assertSame(mess, reports.get(0).exception());
        assertSame(mess, messy.exception());
        assertInstanceOf(TaskCancelledException.class, mess.getSuppressed()[0]);
    }

    @Test
    @Rule(6)
    void aTaskThatHasNotBegunNeverRuns() {
        Trail trail = new Trail();
        ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("idle")
                                .executor(queue::add)
                                .failureListener(leaks.listener())
                                .open());
        Task<Void> task = scope.launch("queued", () -> trail.add("ran"));
        assertFalse(task.isDone());
        scope.close();
        assertTrue(task.isCancelled());
        queue.forEach(Runnable::run);
        trail.assertSteps();
    }

    @Test
    @Rule(23)
    void aThreadThatWaitsForATaskOfAClosedScopeGetsAnException() throws InterruptedException {
        Gate never = new Gate();
        Trail trail = new Trail();
        TaskScope scope = leaks.open("page");
        Task<Void> task = scope.launch("slow", never::pass);
        Thread waiter =
                new Thread(
                        () -> {
                            CancellationException thrown =
                                    assertThrows(CancellationException.class, task::join);
                            trail.add(thrown.getMessage().contains("slow"));
                        });
        waiter.start();
        never.awaitReached();
        scope.close();
        waiter.join();
        trail.assertSteps(true);
    }

    // A task that starts while the scope closes is refused, or has ended when the close returns.
    @Test
    @Rule(23)
    void noTaskThatStartsDuringTheCloseOutlivesIt() throws InterruptedException {
        for (int round = 0; round < 300; round++) {
            TaskScope scope = leaks.open("race");
            ConcurrentLinkedQueue<Task<?>> started = new ConcurrentLinkedQueue<>();
            Gate first = new Gate();
            Thread starter =
                    new Thread(
                            () -> {
                                try {
                                    while (true) {
                                        started.add(scope.start(() -> "value"));
                                        first.open();
                                    }
                                } catch (IllegalStateException closed) {
                                    first.open();
                                }
                            });
            starter.start();
            first.passUninterruptibly();
            scope.close();
            for (Task<?> each : started) {
                assertTrue(each.isDone(), "outlived its scope");
            }
            starter.join();
            for (Task<?> each : started) {
                assertTrue(each.isDone(), "was started in a closed scope and has not ended");
            }
        }
    }

    // A thread that has read no task sees the writes, because close() waits for them (R26).
    @Test
    @Rule(26)
    void writesOfTasksAndCallbacksAreVisibleAfterTheClose() {
        for (int round = 0; round < 2_000; round++) {
            int[] plain = new int[2];
            TaskScope scope = leaks.open("memory");
            Task<Void> task = scope.launch(() -> plain[0] = 1);
            task.addDoneCallback(f -> plain[1] = plain[0] + 1);
            scope.join();
            scope.close();
            assertEquals(1, plain[0]);
            assertEquals(2, plain[1]);
        }
    }
}
