package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code Task.current()} and {@code Task.checkCancelled()}: which task runs on this thread, and whether it should stop. */
class CurrentTaskTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void currentTask_isTheTaskOfTheBody() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("current")) {
            Task<Task<?>> task =
                    scope.start(
                            "task",
                            () -> {
                                gate.pass();
                                return Task.current();
                            });
            gate.open();
            assertSame(task, task.join());
        }
    }

    // Two bodies run at once, and read their current task before and after they wait.
    @Test
    void currentTask_isTheSameBeforeAndAfterAWait() {
        Gate first = new Gate();
        Gate second = new Gate();
        Promise<String> promise = Promise.create();
        try (TaskScope scope = leaks.open("current")) {
            Task<List<Task<?>>> a =
                    scope.start(
                            "a",
                            () -> {
                                Task<?> before = Task.current();
                                first.pass();
                                promise.join();
                                return List.of(before, Task.current());
                            });
            Task<List<Task<?>>> b =
                    scope.start(
                            "b",
                            () -> {
                                Task<?> before = Task.current();
                                second.pass();
                                promise.join();
                                return List.of(before, Task.current());
                            });
            first.awaitReached();
            second.awaitReached();
            second.open();
            first.open();
            promise.complete("go on");
            assertEquals(List.of(a, a), a.join());
            assertEquals(List.of(b, b), b.join());
        }
    }

    @Test
    void currentTask_isNullOutsideABody() throws InterruptedException {
        assertNull(Task.current());
        Trail trail = new Trail();
        Thread thread = new Thread(() -> trail.add(Task.current()));
        thread.start();
        thread.join();
        try (TaskScope scope = leaks.open("current")) {
            // A thread that the body starts has no current task.
            scope.launch(
                            () -> {
                                Thread inside = new Thread(() -> trail.add(Task.current()));
                                inside.start();
                                inside.join();
                            })
                    .join();
            assertNull(Task.current(), "an open scope is not a running task");
            scope.start(() -> "value").addDoneCallback(f -> trail.add(Task.current()));
        }
        trail.assertSteps("null", "null", "null");
    }

    // A callback has no current task, even on the executor of the bodies and right after a body.
    @Test
    void callbackOnTheExecutorOfTheBodies_hasNoCurrentTask() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Trail trail = new Trail();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("current")
                                .executor(executor)
                                .callbackExecutor(executor)
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            scope.start(() -> "value").addDoneCallback(f -> trail.add(Task.current()));
        } finally {
            executor.shutdown();
        }
        trail.assertSteps("null");
    }

    // The only thread runs the inner body inside the wait of the outer body.
    @Test
    @Rule(25)
    void bodyInsideAWait_isCurrentOnlyWhileItRuns() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        TaskScope scope = leaks.open("current", executor);
        try (scope) {
            Task<List<String>> outer =
                    scope.start(
                            "outer",
                            () -> {
                                String before = Task.current().name();
                                String inside =
                                        Task.start("inner", () -> Task.current().name()).join();
                                return List.of(before, inside, Task.current().name());
                            });
            assertEquals(List.of("outer", "inner", "outer"), outer.join());
        } finally {
            executor.shutdown();
        }
    }

    // A thread has no current task after the body has ended.
    @Test
    void aThreadForgetsTheTaskThatItRan() {
        Trail trail = new Trail();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("current")
                                .executor(
                                        body ->
                                                executor.execute(
                                                        () -> {
                                                            body.run();
                                                            trail.add(Task.current());
                                                        }))
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            scope.start(() -> "value").join();
            assertThrows(
                    Exception.class,
                    () ->
                            scope.start(
                                            () -> {
                                                throw new Exception("boom");
                                            })
                                    .join());
        } finally {
            executor.shutdown();
        }
        trail.await("null");
        while (trail.steps().size() < 2) {
            Thread.onSpinWait();
        }
        trail.assertSteps("null", "null");
    }

    @Test
    void checkCancelled_doesNothingOutsideATaskOrBeforeACancel() {
        Task.checkCancelled();
        try (TaskScope scope = leaks.open("check")) {
            assertEquals(
                    "went on",
                    scope.start(
                                    () -> {
                                        Task.checkCancelled();
                                        return "went on";
                                    })
                            .join());
        }
    }

    // The cancel stays, even if the body catches its exceptions.
    @Test
    @Rule(4)
    void checkCancelled_throwsAfterACancelEveryTime() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("check")) {
            Task<Void> task =
                    scope.launch(
                            "loop",
                            () -> {
                                gate.passUninterruptibly();
                                for (int i = 0; i < 3; i++) {
                                    try {
                                        Task.checkCancelled();
                                        trail.add("not cancelled");
                                    } catch (CancellationException e) {
                                        trail.add(e.getMessage());
                                    }
                                }
                                Task.checkCancelled();
                            });
            gate.awaitReached();
            task.cancel(false);
            gate.open();
            assertTrue(
                    task.cancelAndJoin("too late").exceptionOrNull()
                            instanceof TaskCancelledException);
            assertTrue(task.isCancelled());
        }
        List<String> messages = trail.steps();
        assertEquals(3, messages.size());
        assertEquals(1, messages.stream().distinct().count(), messages::toString);
        assertTrue(messages.get(0).contains("loop"), messages::toString);
    }

    // A task may cancel itself, and goes on until it checks.
    @Test
    void aTaskMayCancelItself() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("check")) {
            Task<Void> task =
                    scope.launch(
                            "self",
                            () -> {
                                trail.add(Task.current().cancel("done with it"));
                                trail.add("goes on");
                                try {
                                    new Gate().pass();
                                    trail.add("passed");
                                } catch (InterruptedException e) {
                                    trail.add("interrupted");
                                }
                                Task.checkCancelled();
                            });
            task.joinOutcome();
            assertTrue(task.isCancelled());
            assertEquals("done with it", ((TaskCancelledException) task.exception()).reason());
        }
        trail.assertSteps(true, "goes on", "interrupted");
    }
}
