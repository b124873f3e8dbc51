package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code TaskScope.run} runs a main body, and then waits for its tasks (R23). */
class ScopeRunTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(23)
    void theValueOfTheBodyIsTheValueOfTheRun() {
        int total =
                TaskScope.run(
                        "sum",
                        scope -> {
                            Task<Integer> a = scope.start(() -> 20);
                            Task<Integer> b = scope.start(() -> 22);
                            return a.join() + b.join();
                        });
        assertEquals(42, total);
        assertNull(TaskScope.<String>run("nothing", scope -> null));
    }

    @Test
    @Rule(23)
    void theBodyIsATaskOnTheCallingThread() {
        Thread caller = Thread.currentThread();
        assertNull(Task.current());
        TaskScope.run(
                "main",
                scope -> {
                    assertSame(caller, Thread.currentThread());
                    assertEquals("main", scope.name());
                    Task<?> main = Task.current();
                    assertEquals("main", main.name());
                    assertSame(scope, main.scope());
                    assertFalse(main.isDone());
                    assertSame(scope, Task.start(() -> "child").scope());
                    return null;
                });
        assertNull(Task.current());
    }

    // In asyncio, run cancels these tasks.
    @Test
    @Rule(23)
    void theRunWaitsForTasksThatStillRun() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        String value =
                TaskScope.run(
                        "main",
                        scope -> {
                            Task<?> main = Task.current();
                            scope.launch(
                                    "opener",
                                    () -> {
                                        main.join();
                                        trail.add("body ended");
                                        gate.open();
                                    });
                            scope.launch(
                                    "slow",
                                    () -> {
                                        gate.pass();
                                        trail.add("slow ended");
                                    });
                            return "value";
                        });
        trail.add("run returned");
        assertEquals("value", value);
        trail.assertSteps("body ended", "slow ended", "run returned");
    }

    // The run also waits for children of children, and after the body has ended.
    @Test
    @Rule(23)
    void theRunWaitsForTasksThatStartMeanwhile() {
        Trail trail = new Trail();
        TaskScope.run(
                "main",
                scope -> {
                    Task<?> main = Task.current();
                    scope.launch(
                            "child",
                            () -> {
                                main.join();
                                Task.launch(
                                        "grandchild",
                                        () -> {
                                            Task.launch(
                                                    "great-grandchild",
                                                    () -> trail.add("great-grandchild ended"));
                                            trail.add("grandchild started it");
                                        });
                            });
                    return null;
                });
        assertEquals(2, trail.steps().size());
    }

    @Test
    @Rule(25)
    void theMainTaskCannotWaitForItself() {
        DeadlockException refusal =
                TaskScope.run(
                        "main",
                        scope ->
                                assertThrows(DeadlockException.class, () -> Task.current().join()));
        assertEquals(List.of("main"), refusal.circle());
    }

    // A scope outlives several blocking calls, and its tasks go on between them.
    @Test
    @Rule(23)
    void tasksOfAScopeGoOnBetweenTwoRuns() {
        Gate never = new Gate();
        Trail trail = new Trail();
        Promise<String> first = Promise.create();
        Task<Void> background;
        try (TaskScope scope = leaks.open("long")) {
            background =
                    scope.launch(
                            "background",
                            () -> {
                                trail.add(first.join());
                                never.pass();
                            });
            TaskScope.run("first", inner -> first.complete("from the first run"));
            trail.await("from the first run");
            never.awaitReached();
            TaskScope.run("second", inner -> background.isDone() ? "ended" : "runs");
            assertFalse(background.isDone());
        }
        assertTrue(background.isCancelled());
    }
}
