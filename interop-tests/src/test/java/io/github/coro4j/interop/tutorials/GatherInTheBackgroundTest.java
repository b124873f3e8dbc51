package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.JavaCompilation;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The examples of the tutorial on how to run asyncio.gather() in the background, SuperFastPython
 * (https://superfastpython.com/asyncio-gather-background).
 */
class GatherInTheBackgroundTest {
    private static final int TASKS = 10;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final List<Integer> values = TutorialBodies.range(TASKS);
    private final List<Gate> gates = Stream.generate(Gate::new).limit(TASKS).toList();

    /** Makes the bodies end in the reverse order of the results: the body of the last value ends first. */
    private int taskCoro(int value) throws InterruptedException {
        gates.get(value).pass();
        trail.add(">" + value + " done");
        if (value > 0) {
            gates.get(value - 1).open();
        }
        return value * 100;
    }

    private void letTheTasksEnd() {
        gates.get(TASKS - 1).open();
    }

    // Unlike in asyncio, the tasks run in parallel, so only the order of the results is promised.
    @Test
    void gatherWithManyCoroutines() {
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("Main starting");
                    Future<List<Integer>> group = scope.gather(values, this::taskCoro).all();
                    letTheTasksEnd();
                    trail.add(group.join());
                    trail.add("Main done");
                    return null;
                });

        assertMainAndTasks();
    }

    @Test
    void gatherInTheBackground() {
        AtomicReference<Exception> tooEarly = new AtomicReference<>();
        Gate called = new Gate();
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("Main starting");
                    Future<List<Integer>> group = scope.gather(values, this::taskCoro).all();
                    tooEarly.set(assertThrows(IllegalStateException.class, group::result));
                    group.addDoneCallback(f -> called.open());
                    letTheTasksEnd();
                    // Main waits for the callback, and not for the group.
                    called.pass();
                    trail.add(group.result());
                    trail.add("Main done");
                    return null;
                });

        assertMainAndTasks();
        assertTrue(tooEarly.get().getMessage().contains("join()"), tooEarly.get().getMessage());
    }

    private void assertMainAndTasks() {
        trail.assertSteps(
                "Main starting",
                ">9 done",
                ">8 done",
                ">7 done",
                ">6 done",
                ">5 done",
                ">4 done",
                ">3 done",
                ">2 done",
                ">1 done",
                ">0 done",
                "[0, 100, 200, 300, 400, 500, 600, 700, 800, 900]",
                "Main done");
    }

    // Asyncio raises a TypeError. Here the compiler refuses, because a group already runs and
    // start() takes only bodies.
    @Test
    void gatherInBackgroundWithCreateTask() {
        JavaCompilation startedAgain =
                JavaCompilation.ofStatements(
                        """
                        Future<List<Integer>> group = scope.gather(List.of(1, 2), i -> i * 100).all();
                        Task<List<Integer>> task = scope.start(group);
                        """);
        JavaCompilation waitedForInATask =
                JavaCompilation.ofStatements(
                        """
                        Future<List<Integer>> group = scope.gather(List.of(1, 2), i -> i * 100).all();
                        Task<List<Integer>> task = scope.start(() -> group.join());
                        """);

        waitedForInATask.assertClean();
        startedAgain.assertRefused(
                "Task<List<Integer>> task = scope.start(group);",
                "compiler.err.cant.apply.symbols",
                "cannot be converted to java.util.concurrent.Callable");
    }

    // Unlike in asyncio, the group that main leaves behind is not reported as a failure.
    @Test
    void ifMainFailsTheGatherThatItLeftBehindIsNotReported() {
        IllegalStateException death = new IllegalStateException("main died");
        AtomicReference<Future<List<Integer>>> group = new AtomicReference<>();
        CompletionException thrown =
                assertThrows(
                        CompletionException.class,
                        () ->
                                TaskScope.run(
                                        "main",
                                        scope -> {
                                            leaks.opened(scope);
                                            trail.add("Main starting");
                                            group.set(scope.gather(values, this::taskCoro).all());
                                            throw death;
                                        }));

        assertSame(death, thrown.getCause());
        trail.assertSteps("Main starting");
        assertTrue(group.get().isCancelled(), () -> "not cancelled: " + group.get());
        assertEquals(List.of(), leaks.takeLogged());
    }
}
