package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The examples of the tutorial on asyncio's task done callback functions, SuperFastPython, November 2023
 * (https://superfastpython.com/?p=3570), in its order and under its names.
 *
 * <p>Where the tutorial awaits the task, these tests also close the scope of the task. Callbacks are not ordered
 * relative to a thread that waits; in asyncio, they run on the same thread.
 */
class TaskDoneCallbackTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Gate rest = new Gate();

    private void taskCoroutine() throws InterruptedException {
        trail.add("executing the task");
        rest.pass();
    }

    /** Runs the main of these examples, which passes the task to {@code withTask} before it waits for the task. */
    private void runMain(Consumer<Task<Void>> withTask) {
        TaskScope.run(
                "main",
                main -> {
                    leaks.opened(main);
                    trail.add("main coroutine started");
                    try (TaskScope scope = leaks.opened(TaskScope.open("tasks"))) {
                        Task<Void> task = scope.launch("the-task", this::taskCoroutine);
                        withTask.accept(task);
                        rest.open();
                        task.join();
                    }
                    trail.add("main coroutine done");
                    return null;
                });
    }

    @Test
    void addingATaskDoneCallbackFunction() {
        runMain(task -> task.addDoneCallback(f -> trail.add("Task is done")));

        trail.assertSteps(
                "main coroutine started",
                "executing the task",
                "Task is done",
                "main coroutine done");
    }

    @Test
    void addingMoreThanOneTaskDoneCallbackFunction() {
        AtomicReference<Future<Void>> given = new AtomicReference<>();
        AtomicReference<Task<Void>> added = new AtomicReference<>();
        runMain(
                task -> {
                    added.set(task);
                    task.addDoneCallback(f -> trail.add("Task is done"));
                    task.addDoneCallback(
                            f -> {
                                given.set(f);
                                trail.add("Task: " + f.outcome());
                            });
                });

        trail.assertSteps(
                "main coroutine started",
                "executing the task",
                "Task is done",
                "Task: Success[value=null]",
                "main coroutine done");
        assertSame(added.get(), given.get());
        assertTrue(given.get().toString().contains("the-task"), given.get().toString());
    }

    @Test
    void addingAndRemovingATaskDoneCallbackFunction() {
        Consumer<Future<?>> callback = f -> trail.add("Task is done");
        runMain(
                task -> {
                    task.addDoneCallback(callback);
                    rest.awaitReached();
                    assertEquals(1, task.removeDoneCallback(callback));
                });

        trail.assertSteps("main coroutine started", "executing the task", "main coroutine done");
    }

    // Asyncio has no registration, which removes a callback without a reference to it.
    @Test
    void addingAndRemovingATaskDoneCallbackFunctionByItsRegistration() {
        runMain(
                task -> {
                    task.addDoneCallback(f -> trail.add("the one that stays"));
                    Registration added = task.addDoneCallback(f -> trail.add("Task is done"));
                    rest.awaitReached();
                    assertTrue(added.remove());
                    assertFalse(added.remove(), "the callback was removed before");
                });

        trail.assertSteps(
                "main coroutine started",
                "executing the task",
                "the one that stays",
                "main coroutine done");
    }

    @Test
    void removingANonexistentDoneCallbackFunction() {
        Consumer<Future<?>> callback = f -> trail.add("Task is done");
        runMain(
                task -> {
                    task.addDoneCallback(f -> trail.add("another callback"));
                    rest.awaitReached();
                    assertEquals(0, task.removeDoneCallback(callback));
                });

        trail.assertSteps(
                "main coroutine started",
                "executing the task",
                "another callback",
                "main coroutine done");
    }

    // Unlike in asyncio, the callback may run before main ends, so a gate puts it behind main's
    // last line.
    @Test
    void addingADoneCallbackFunctionAfterTheTaskIsDone() {
        Gate mainIsDone = new Gate();
        AtomicReference<Thread> adder = new AtomicReference<>();
        AtomicReference<Thread> caller = new AtomicReference<>();
        rest.open();
        TaskScope.run(
                "main",
                main -> {
                    leaks.opened(main);
                    trail.add("main coroutine started");
                    Task<Void> task = main.launch(this::taskCoroutine);
                    task.join();
                    adder.set(Thread.currentThread());
                    // A callback on this stack would hang: the gate opens after the call.
                    task.addDoneCallback(
                            f -> {
                                caller.set(Thread.currentThread());
                                mainIsDone.passUninterruptibly();
                                trail.add("Task is done");
                            });
                    trail.add("main coroutine done");
                    mainIsDone.open();
                    return null;
                });

        trail.assertSteps(
                "main coroutine started",
                "executing the task",
                "main coroutine done",
                "Task is done");
        assertNotSame(adder.get(), caller.get());
    }

    // As in asyncio, the report goes to a logger if the scope has no listener.
    @Test
    void exceptionInTaskDoneCallbackFunction() {
        RuntimeException bad = new RuntimeException("Something bad happened");
        runMain(
                task -> {
                    task.addDoneCallback(
                            f -> {
                                trail.add("Task is done");
                                throw bad;
                            });
                    task.addDoneCallback(f -> trail.add("Task: " + f.outcome()));
                });

        trail.assertSteps(
                "main coroutine started",
                "executing the task",
                "Task is done",
                "Task: Success[value=null]",
                "main coroutine done");
        List<LogRecord> logged = leaks.takeLogged();
        assertEquals(1, logged.size());
        LogRecord line = logged.get(0);
        assertEquals(Level.SEVERE, line.getLevel());
        assertTrue(line.getMessage().contains("the-task"), line.getMessage());
        assertTrue(line.getMessage().contains("a done-callback threw"), line.getMessage());
        assertSame(bad, line.getThrown());
    }

    @Test
    void callbackThatCreatesAndSchedulesATask() {
        // As in asyncio, main must wait for the follow-up, or it may end before the start.
        Promise<Task<Void>> followUp = Promise.create();
        AtomicReference<TaskScope> scopeOfMain = new AtomicReference<>();
        rest.open();
        TaskScope.run(
                "main",
                main -> {
                    scopeOfMain.set(leaks.opened(main));
                    trail.add("main coroutine started");
                    Task<Void> task = main.launch(this::taskCoroutine);
                    task.addDoneCallback(
                            f -> {
                                trail.add("Task is done");
                                followUp.complete(main.launch(() -> trail.add("the follow-up")));
                            });
                    followUp.join().join();
                    trail.add("main coroutine done");
                    return null;
                });

        trail.assertSteps(
                "main coroutine started",
                "executing the task",
                "Task is done",
                "the follow-up",
                "main coroutine done");
        assertSame(scopeOfMain.get(), followUp.result().scope());
    }
}
