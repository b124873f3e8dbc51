package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.docs.StateTable;
import io.github.coro4j.interop.docs.StateTable.Transition;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every row of the table of states in docs/guide/tasks.md. */
class TaskStatesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();
    private final Gate cleanUp = new Gate();
    private final Gate startedWork = new Gate();
    private final Gate hook = new Gate();

    static List<Transition> rows() throws IOException {
        return StateTable.ofTasks().transitions();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void rowOfTheTable_isTrue(Transition row) throws Exception {
        switch (row.event()) {
            case "the body returns" -> end(row, () -> "value");
            case "the body throws", "the body throws anything else" ->
                    end(row, TaskStatesTest::fail);
            case "the body throws an interruption or a cancellation" ->
                    end(row, TaskStatesTest::sayInterrupted);
            case "the body throws an exception after a cancel hook has begun" -> endAfterHook(row);
            case "the body ends, and work that it has started still runs",
                    "the body has returned, and the last of that work ends" ->
                    endWithStartedWork(row);
            case "the executor refuses the body" -> refuse(row);
            case "a cancel comes before the body begins" -> cancelBeforeBegin(row);
            case "a cancel comes while the body runs", "another cancel comes" -> cancelRunning(row);
            case "a cancel comes" -> cancelDone(row);
            default -> throw new AssertionError("no play for " + row);
        }
    }

    /** Lets the body of a task that is pending or cancelling end. */
    private void end(Transition row, Callable<String> end) throws Exception {
        try (TaskScope scope = leaks.open("states")) {
            Task<String> task = running(scope, row.state(), end);
            work.open();
            cleanUp.open();
            task.joinOutcome();
            assertState(row.next(), task);
        }
    }

    /** Starts a task whose body has begun, and cancels it if it is to be cancelling. */
    private Task<String> running(TaskScope scope, String state, Callable<String> end) {
        Task<String> task = scope.start("task", () -> body(end));
        work.awaitReached();
        if (state.equals("cancelling")) {
            assertTrue(task.cancel("first"));
            cleanUp.awaitReached();
        }
        assertState(state, task);
        return task;
    }

    private String body(Callable<String> end) throws Exception {
        try {
            work.pass();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end of the body decides
        }
        cleanUp.passUninterruptibly();
        return end.call();
    }

    private static String fail() throws IOException {
        throw new IOException("broken");
    }

    private static String sayInterrupted() throws InterruptedException {
        throw new InterruptedException("stopped");
    }

    private void endAfterHook(Transition row) throws Exception {
        try (TaskScope scope = leaks.open("states")) {
            Task<String> task =
                    scope.start(
                            "task",
                            () -> {
                                Task.onCancel(hook::pass);
                                return body(TaskStatesTest::fail);
                            });
            work.awaitReached();
            task.cancel("first");
            hook.awaitReached();
            assertState(row.state(), task);
            hook.open();
            cleanUp.open();
            task.joinOutcome();
            assertState(row.next(), task);
        }
    }

    /** Ends the body of a cancelled task, and looks. Then ends the work that the body has started, and looks again. */
    private void endWithStartedWork(Transition row) throws Exception {
        List<Thread> threads = new ArrayList<>();
        Executor threadPerBody =
                body -> {
                    Thread thread = new Thread(body, "body");
                    threads.add(thread);
                    thread.start();
                };
        try (TaskScope scope = leaks.open("states", threadPerBody)) {
            Task<String> task =
                    scope.start(
                            "task",
                            () -> {
                                scope.launch("started", startedWork::passUninterruptibly);
                                startedWork.awaitReached();
                                return body(() -> "value");
                            });
            work.awaitReached();
            task.cancel("first");
            assertState("cancelling", task);
            cleanUp.open();
            threads.get(0).join(); // the body has ended
            assertState("cancelling", task);
            startedWork.open();
            task.joinOutcome();
            assertState("cancelled", task);
        }
        assertEquals("cancelling", row.state());
        assertEquals(row.event().contains("still runs") ? "cancelling" : "cancelled", row.next());
    }

    /** A task that waits for a permit is pending, and its executor refuses it when the permit comes. */
    private void refuse(Transition row) {
        AtomicBoolean open = new AtomicBoolean(true);
        Executor executor =
                body -> {
                    if (!open.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    new Thread(body, "body").start();
                };
        ConcurrencyLimit limit = ConcurrencyLimit.of(1);
        try (TaskScope scope = leaks.open("states", executor)) {
            Task<?> first = limit.start(scope, () -> body(() -> "value"));
            work.awaitReached();
            Task<?> task = limit.start(scope, () -> "value");
            assertState(row.state(), task);
            open.set(false);
            work.open();
            cleanUp.open();
            task.joinOutcome();
            assertState(row.next(), task);
            assertEquals("value", first.join());
        }
    }

    private void cancelBeforeBegin(Transition row) {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("states", queue::add)) {
            Task<?> task = scope.start("task", () -> "value");
            assertState(row.state(), task);
            assertTrue(task.cancel("first"));
            assertState(row.next(), task);
        }
    }

    private void cancelRunning(Transition row) {
        try (TaskScope scope = leaks.open("states")) {
            Task<?> task = running(scope, row.state(), () -> "value");
            assertTrue(task.cancel("again"));
            cleanUp.awaitReached();
            assertState(row.next(), task);
            cleanUp.open();
        }
    }

    private void cancelDone(Transition row) {
        try (TaskScope scope = leaks.open("states")) {
            boolean fails = row.state().equals("failed");
            Task<?> task = running(scope, "pending", () -> fails ? fail() : "value");
            if (row.state().equals("cancelled")) {
                task.cancel("first");
            }
            work.open();
            cleanUp.open();
            task.joinOutcome();
            assertState(row.state(), task);
            assertFalse(task.cancel("late"));
            assertState(row.next(), task);
        }
    }

    private static void assertState(String expected, Task<?> task) {
        String state = task.isCancelling() ? "cancelling" : "pending";
        if (task.isDone()) {
            state = task.outcome().fold(v -> "succeeded", e -> "failed", c -> "cancelled");
        }
        assertEquals(expected, state);
    }
}
