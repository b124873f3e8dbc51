package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The examples of the tutorial on how to await asyncio tasks concurrently with asyncio.gather(), SuperFastPython, November
 * 2023, in its order and under its names. {@link GatherWithFailuresTest} and {@link GatherCommonErrorsTest} have those of
 * its later sections.
 */
class GatherTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Test
    void gatherForOneCoroutine() {
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    Gather.of(scope.launch(() -> trail.add("task executing"))).all().join();
                    trail.add("main done");
                    return null;
                });

        trail.assertSteps("main starting", "task executing", "main done");
    }

    @Test
    void gatherForManyCoroutines() {
        TutorialBodies three = new TutorialBodies(trail, 3);
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    Gather.of(
                                    scope.start(() -> three.taskCoro(0)),
                                    scope.start(() -> three.taskCoro(1)),
                                    scope.start(() -> three.taskCoro(2)))
                            .all()
                            .join();
                    trail.add("main done");
                    return null;
                });

        three.assertTrail(List.of("main starting"), "main done");
    }

    // Unlike in asyncio, a list needs no unpacking.
    @Test
    void gatherForManyCoroutinesInAList() {
        TutorialBodies ten = new TutorialBodies(trail, 10);
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    List<Callable<Integer>> bodies = new ArrayList<>();
                    ten.values().forEach(value -> bodies.add(() -> ten.taskCoro(value)));
                    scope.gather(bodies).all().join();
                    trail.add("main done");
                    return null;
                });

        ten.assertTrail(List.of("main starting"), "main done");
    }

    @Test
    void gatherWithReturnValues() {
        TutorialBodies ten = new TutorialBodies(trail, 10);
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    trail.add(scope.gather(ten.values(), ten::taskCoro).all().join());
                    trail.add("main done");
                    return null;
                });

        ten.assertTrail(
                List.of("main starting"), "[0, 10, 20, 30, 40, 50, 60, 70, 80, 90]", "main done");
    }

    @Test
    void gatherWithNestedGroups() {
        TutorialBodies six = new TutorialBodies(trail, 6);
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    Future<List<Integer>> group1 =
                            scope.gather(List.of(0, 1, 2), six::taskCoro).all();
                    Future<List<Integer>> group2 =
                            scope.gather(List.of(3, 4, 5), six::taskCoro).all();
                    Future<List<List<Integer>>> group3 = Gather.of(group1, group2).all();
                    trail.add(group3.join());
                    trail.add("main done");
                    return null;
                });

        six.assertTrail(List.of("main starting"), "[[0, 10, 20], [30, 40, 50]]", "main done");
    }

    // A wait for the outer group waits for all tasks of the inner ones.
    @Test
    void aGroupOfGroupsIsDoneOnceItsLastTaskIsDone() {
        Gate last = new Gate();
        try (TaskScope scope = leaks.open("main")) {
            Future<List<Integer>> group1 = scope.gather(List.of(0, 1), value -> value).all();
            Future<List<Integer>> group2 =
                    scope.gather(
                                    List.of(2, 3),
                                    value -> {
                                        last.pass();
                                        return value;
                                    })
                            .all();
            Future<List<List<Integer>>> group3 = Gather.of(group1, group2).all();
            group1.join();
            assertFalse(group3.isDone());
            last.open();
            assertEquals(List.of(List.of(0, 1), List.of(2, 3)), group3.join());
        }
    }

    // Unlike in asyncio, every argument already runs. The ready-made tasks come first only because
    // main sees them start before it goes on.
    @Test
    void gatherMixOfTasksAndCoroutines() {
        TutorialBodies five = new TutorialBodies(trail, 5);
        Gate called = new Gate();
        AtomicReference<List<String>> beforeTheGroup = new AtomicReference<>();
        AtomicReference<Future<List<Integer>>> group = new AtomicReference<>();
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("main starting");
                    Task<Integer> ready1 = scope.start(() -> five.taskCoro(1));
                    trail.await(">task 1 executing");
                    Task<Integer> ready3 = scope.start(() -> five.taskCoro(3));
                    trail.await(">task 3 executing");
                    beforeTheGroup.set(trail.steps());
                    group.set(
                            Gather.of(
                                            scope.start(() -> five.taskCoro(0)),
                                            ready1,
                                            scope.start(() -> five.taskCoro(2)),
                                            ready3,
                                            scope.start(() -> five.taskCoro(4)))
                                    .all());
                    // Main waits for the callback, and not for the group.
                    group.get().addDoneCallback(f -> called.open());
                    called.pass();
                    trail.add("main done");
                    return null;
                });

        assertEquals(
                List.of("main starting", ">task 1 executing", ">task 3 executing"),
                beforeTheGroup.get());
        five.assertTrail(List.of("main starting"), "main done");
        assertEquals(List.of(0, 10, 20, 30, 40), group.get().result());
    }
}
