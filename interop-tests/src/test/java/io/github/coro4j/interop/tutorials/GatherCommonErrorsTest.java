package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.JavaCompilation;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The examples of the section "Common Errors With asyncio.gather()" of the tutorial on how to await asyncio tasks
 * concurrently with asyncio.gather(), SuperFastPython, November 2023, under its names.
 */
class GatherCommonErrorsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final TutorialBodies ten = new TutorialBodies(trail, 10);

    // Unlike asyncio, where a list is a TypeError, Gather takes a list.
    @Test
    void gatherErrorWithAList() {
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    List<Task<Integer>> tasks =
                            ten.values().stream()
                                    .map(value -> scope.start(() -> ten.taskCoro(value)))
                                    .toList();
                    trail.add(Gather.of(tasks).all().join());
                    trail.add("main done");
                    return null;
                });

        ten.assertTrail(
                List.of("main starting"), "[0, 10, 20, 30, 40, 50, 60, 70, 80, 90]", "main done");
    }

    // The tutorial's list holds coroutines that have not started. Unlike in asyncio, such a list
    // has a type and a method of its own, and the compiler knows the difference.
    @Test
    void gatherErrorWithAListOfFunctionsThatAreNotStarted() {
        JavaCompilation asFutures =
                JavaCompilation.ofStatements(
                        """
                        List<Callable<Integer>> coros = List.of(() -> 1, () -> 2);
                        Future<List<Integer>> group = Gather.of(coros).all();
                        """);
        JavaCompilation asBodies =
                JavaCompilation.ofStatements(
                        """
                        List<Callable<Integer>> coros = List.of(() -> 1, () -> 2);
                        Future<List<Integer>> group = scope.gather(coros).all();
                        """);

        asBodies.assertClean();
        asFutures.assertRefused(
                "Future<List<Integer>> group = Gather.of(coros).all();",
                "compiler.err.cant.apply.symbols",
                "java.util.concurrent.Callable<java.lang.Integer>> cannot be converted to java.lang.Iterable");
    }

    // Unlike asyncio, which cancels the tasks that main leaves behind, run() waits for them.
    @Test
    void gatherErrorWithoutAwait() {
        Gate mainIsDone = new Gate();
        AtomicReference<Future<List<Integer>>> group = new AtomicReference<>();
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    group.set(
                            scope.gather(
                                            ten.values(),
                                            value -> {
                                                mainIsDone.pass();
                                                return ten.taskCoro(value);
                                            })
                                    .all());
                    trail.add("main done");
                    mainIsDone.open();
                    return null;
                });

        ten.assertTrail(List.of("main starting", "main done"));
        assertEquals(List.of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90), group.get().result());
    }

    // close() does what asyncio.run does at its end. Unlike in asyncio, nothing is reported.
    @Test
    void closingTheScopeCancelsAGatherThatNoThreadWaitsFor() {
        Gate never = new Gate();
        AtomicInteger running = new AtomicInteger();
        Future<List<Integer>> group;
        try (TaskScope scope = leaks.open("main")) {
            group =
                    scope.gather(
                                    ten.values(),
                                    value -> {
                                        running.incrementAndGet();
                                        try {
                                            never.pass();
                                            return value;
                                        } finally {
                                            running.decrementAndGet();
                                        }
                                    })
                            .all();
            never.awaitReached();
        }
        assertEquals(0, running.get());
        assertTrue(group.isCancelled(), () -> "not cancelled: " + group);
        assertEquals(List.of(), leaks.takeReports());
    }
}
