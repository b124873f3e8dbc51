package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The examples of the section "Examples of gather() with Failures" of the tutorial on how to await asyncio tasks
 * concurrently with asyncio.gather(), SuperFastPython, November 2023, in its order and under its names.
 */
class GatherWithFailuresTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Exception bad = new Exception("Something bad happened");
    private final CountDownLatch startsMissing = new CountDownLatch(10);
    private final Gate rest = new Gate();
    private final Gate gathered = new Gate();
    private final Gate never = new Gate();

    /** Fails for the value 0 once all ten have started; the other bodies wait at a gate first. */
    private Void taskCoro(int value) throws Exception {
        trail.add(">task " + value + " executing");
        startsMissing.countDown();
        startsMissing.await();
        if (value == 0) {
            throw bad;
        }
        rest.pass();
        return null;
    }

    /** Returns the failure with which a program ends that does not handle it. */
    private Throwable endOf(ThrowingFunction<TaskScope, ?> main) {
        Throwable end = assertThrows(CompletionException.class, () -> TaskScope.run("main", main));
        while (end.getCause() != null) {
            end = end.getCause();
        }
        return end;
    }

    private void assertTenStarted(String... thenMain) {
        List<String> expected = new ArrayList<>(List.of("main starting"));
        TutorialBodies.range(10).forEach(value -> expected.add(">task " + value + " executing"));
        expected.addAll(List.of(thenMain));
        List<String> steps = new ArrayList<>(trail.steps());
        if (steps.size() > 10) {
            // Different from asyncio, the bodies may start in any order.
            steps.subList(1, 11).sort(null);
        }
        assertEquals(expected, steps);
    }

    @Test
    void gatherWhereOneAwaitableFails() {
        Throwable end =
                endOf(
                        scope -> {
                            leaks.opened(scope);
                            trail.add("main starting");
                            scope.gather(TutorialBodies.range(10), this::taskCoro).all().join();
                            trail.add("main done");
                            return null;
                        });

        assertSame(bad, end);
        assertTenStarted();
    }

    // The tutorial says: "The exception does not impact any other coroutines in the group."
    @Test
    void whereOneAwaitableFailsTheOthersRunOn() {
        try (TaskScope scope = leaks.open("main")) {
            List<Task<Void>> tasks =
                    TutorialBodies.range(10).stream()
                            .map(value -> scope.start(() -> taskCoro(value)))
                            .toList();
            Future<List<Void>> group = Gather.of(tasks).all();
            CompletionException thrown = assertThrows(CompletionException.class, group::join);
            assertSame(bad, thrown.getCause());
            for (Task<Void> other : tasks.subList(1, 10)) {
                assertFalse(other.isDone());
                assertFalse(other.isCancelling());
            }
            rest.open();
            for (Task<Void> other : tasks.subList(1, 10)) {
                assertNull(other.join());
            }
        }
    }

    // Unlike in asyncio, an exception among the results cannot be taken for a value.
    @Test
    void gatherWithReturnExceptions() {
        rest.open();
        List<Outcome<Void>> results =
                TaskScope.run(
                        "main",
                        scope -> {
                            leaks.opened(scope);
                            trail.add("main starting");
                            List<Outcome<Void>> all =
                                    scope.gather(TutorialBodies.range(10), this::taskCoro)
                                            .settled()
                                            .join();
                            trail.add("main done");
                            return all;
                        });

        List<Outcome<Void>> expected = new ArrayList<>(List.of(new Outcome.Failure<>(bad)));
        for (int i = 1; i < 10; i++) {
            expected.add(new Outcome.Success<>(null));
        }
        assertEquals(expected, results);
        assertTenStarted("main done");
    }

    private Task<Void> taskZero(TaskScope scope) {
        Task<Void> task =
                scope.launch(
                        "task 0",
                        () -> {
                            trail.add(">task 0 executing");
                            never.pass();
                        });
        never.awaitReached();
        return task;
    }

    private Task<Void> taskOne(TaskScope scope, Task<?> friend) {
        return scope.launch(
                "task 1",
                () -> {
                    trail.add(">task 1 executing");
                    gathered.pass();
                    friend.cancel("its friend wanted it so");
                    rest.pass();
                });
    }

    @Test
    void gatherWhereOneTaskIsCanceled() {
        Throwable end =
                endOf(
                        scope -> {
                            leaks.opened(scope);
                            trail.add("main starting");
                            Task<Void> task0 = taskZero(scope);
                            Task<Void> task1 = taskOne(scope, task0);
                            Future<List<Void>> group = Gather.of(task0, task1).all();
                            gathered.open();
                            group.join();
                            trail.add("main done");
                            return null;
                        });

        TaskCancelledException cancellation = assertInstanceOf(TaskCancelledException.class, end);
        assertEquals("task 0 was cancelled: its friend wanted it so", cancellation.getMessage());
        trail.assertSteps("main starting", ">task 0 executing", ">task 1 executing");
    }

    // The group has failed, it is not cancelled, and it leaves the other task alone.
    @Test
    void whereOneTaskIsCanceledTheOtherRunsOn() {
        try (TaskScope scope = leaks.open("main")) {
            Task<Void> task0 = taskZero(scope);
            Task<Void> task1 = taskOne(scope, task0);
            Future<List<Void>> group = Gather.of(task0, task1).all();
            gathered.open();
            CompletionException thrown = assertThrows(CompletionException.class, group::join);
            assertSame(task0.exception(), thrown.getCause());
            assertTrue(task0.isCancelled());
            assertTrue(group.isDone());
            assertFalse(group.isCancelled());
            assertFalse(task1.isCancelling());
            rest.open();
            assertNull(task1.join());
        }
    }

    @Test
    void gatherWhereOneTaskIsCanceledWithReturnExceptions() {
        rest.open();
        List<Outcome<Void>> results =
                TaskScope.run(
                        "main",
                        scope -> {
                            leaks.opened(scope);
                            trail.add("main starting");
                            Task<Void> task0 = taskZero(scope);
                            Task<Void> task1 = taskOne(scope, task0);
                            Future<List<Outcome<Void>>> group = Gather.of(task0, task1).settled();
                            gathered.open();
                            List<Outcome<Void>> both = group.join();
                            trail.add("main done");
                            return both;
                        });

        // asyncio loses the reason of a task here, and shows CancelledError('').
        TaskCancelledException cancellation =
                assertInstanceOf(TaskCancelledException.class, results.get(0).exceptionOrNull());
        assertEquals("task 0 was cancelled: its friend wanted it so", cancellation.getMessage());
        assertEquals(
                List.of(new Outcome.Cancelled<Void>(cancellation), new Outcome.Success<Void>(null)),
                results);
        trail.assertSteps("main starting", ">task 0 executing", ">task 1 executing", "main done");
    }

    // With one body at a time, as in asyncio, the others are cancelled before their first step.
    @Test
    void cancelingAllTasksInGather() {
        Promise<Future<List<Void>>> group = Promise.create();
        Throwable end =
                endOf(
                        scope -> {
                            leaks.opened(scope);
                            trail.add("main starting");
                            group.complete(
                                    scope.gather(
                                                    TutorialBodies.range(10),
                                                    value -> cancelsTheGroup(value, group.join()))
                                            .concurrency(1)
                                            .all());
                            group.join().join();
                            trail.add("main done");
                            return null;
                        });

        trail.assertSteps("main starting", ">task 0 executing");
        TaskCancelledException cancellation = assertInstanceOf(TaskCancelledException.class, end);
        assertEquals("task 0 has seen enough", cancellation.reason());
        // In asyncio the group would have failed.
        assertTrue(group.join().isCancelled());
    }

    // The order of starts depends on the machine. All tasks are cancelled in any case.
    @Test
    void cancelingAllTasksInGatherWhileTheyRunInParallel() {
        try (TaskScope scope = leaks.open("main")) {
            Promise<Future<List<Void>>> group = Promise.create();
            List<Task<Void>> tasks =
                    TutorialBodies.range(10).stream()
                            .map(
                                    value ->
                                            scope.start(
                                                    "task " + value,
                                                    () -> cancelsTheGroup(value, group.join())))
                            .toList();
            group.complete(Gather.of(tasks).all());
            Outcome<List<Void>> end = group.join().joinOutcome();
            assertInstanceOf(Outcome.Cancelled.class, end);
            for (Task<Void> task : tasks) {
                assertTrue(task.isCancelled(), () -> "not cancelled, though its group is: " + task);
                assertEquals(
                        task.name() + " was cancelled: task 0 has seen enough",
                        task.exception().getMessage());
            }
        }
    }

    private Void cancelsTheGroup(int value, Future<?> group) throws InterruptedException {
        trail.add(">task " + value + " executing");
        if (value == 0) {
            group.cancel("task 0 has seen enough");
        }
        never.pass();
        return null;
    }
}
