package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** At most as many bodies run at once as the limit allows, and a body counts until it has ended (R22). */
class GatherConcurrencyTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(22)
    void neverMoreThanTheLimitRunAtOnce(Policy policy) {
        List<Gate> gates = new ArrayList<>();
        List<Integer> items = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            gates.add(new Gate());
            items.add(i);
        }
        AtMost running = new AtMost();
        try (TaskScope scope = leaks.open("concurrency")) {
            Future<? extends List<?>> group =
                    policy.start(
                            scope.gather(
                                            items,
                                            i -> {
                                                running.enter();
                                                try {
                                                    gates.get(i).pass();
                                                    return i;
                                                } finally {
                                                    running.leave();
                                                }
                                            })
                                    .concurrency(3));
            // The bodies end in another order than they began: a permit is not tied to an index.
            gates.get(0).awaitReached();
            gates.get(1).awaitReached();
            gates.get(2).awaitReached();
            gates.get(2).open();
            gates.get(3).awaitReached();
            gates.get(0).open();
            gates.get(4).awaitReached();
            gates.forEach(Gate::open);
            assertEquals(items, Policy.valuesOf(group));
        }
        assertEquals(3, running.most());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void theLimitHoldsForThousandsOfQuickBodies(int limit) {
        List<Integer> items = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            items.add(i);
        }
        AtMost running = new AtMost();
        try (TaskScope scope = leaks.open("quick")) {
            List<Integer> results =
                    scope.gather(
                                    items,
                                    i -> {
                                        running.enter();
                                        Thread.onSpinWait();
                                        running.leave();
                                        return i;
                                    })
                            .concurrency(limit)
                            .all()
                            .join();
            assertEquals(items, results);
        }
        assertTrue(running.most() <= limit, running.most() + " at once");
    }

    @Test
    @Rule(22)
    void aLimitAboveTheNumberOfBodiesLetsAllRunAtOnce() {
        Gate both = new Gate();
        Gate other = new Gate();
        try (TaskScope scope = leaks.open("concurrency")) {
            Future<List<Integer>> group =
                    scope.gather(
                                    List.of(1, 2),
                                    i -> {
                                        (i == 1 ? both : other).pass();
                                        return i;
                                    })
                            .concurrency(Integer.MAX_VALUE)
                            .all();
            both.awaitReached();
            other.awaitReached();
            both.open();
            other.open();
            assertEquals(List.of(1, 2), group.join());
        }
    }

    // The executor has a free thread, so only the missing permit holds back the second body.
    @ParameterizedTest
    @EnumSource(names = {"ALL", "SETTLED"})
    @Rule(22)
    void aCancelledBodyInItsCleanUpHoldsItsPermit(Policy policy) {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        ExecutorService twoThreads = Executors.newFixedThreadPool(2);
        TaskScope scope = leaks.open("concurrency", twoThreads);
        try (scope) {
            Future<? extends List<?>> group =
                    policy.start(
                            scope.gather(
                                            List.of(0, 1),
                                            i -> {
                                                if (i == 1) {
                                                    trail.add("1 ran");
                                                    return i;
                                                }
                                                new SlowCleanUp(never, cleanUp)
                                                        .then(() -> trail.add("0 cleaned up"))
                                                        .run();
                                                return i;
                                            })
                                    .concurrency(1)
                                    .named("pages"));
            never.awaitReached();
            Task<?> first = taskNamed("pages[0]", scope);
            assertTrue(first.cancel("not wanted"));
            cleanUp.awaitReached();
            // If the cancel had returned the permit, body 1 would run before this marker.
            scope.launch("marker", () -> trail.add("marker")).join();
            assertFalse(group.isDone());
            cleanUp.open();
            group.joinOutcome();
            trail.await("1 ran");
            assertTrue(first.isCancelled());
        } finally {
            twoThreads.shutdown();
        }
        trail.assertSteps("marker", "0 cleaned up", "1 ran");
    }

    @ParameterizedTest
    @EnumSource
    @Rule({6, 20})
    void bodiesThatWaitForAPermitNeverRunWhenTheGroupIsCancelled(Policy policy) {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("concurrency")) {
            Future<? extends List<?>> group =
                    policy.start(
                            scope.gather(
                                            List.of(1, 2, 3),
                                            i -> {
                                                trail.add("ran " + i);
                                                new SlowCleanUp(never, cleanUp)
                                                        .then(() -> trail.add("ended " + i))
                                                        .run();
                                                return i;
                                            })
                                    .concurrency(1));
            never.awaitReached();
            assertTrue(group.cancel("page closed"));
            cleanUp.awaitReached();
            assertFalse(group.isDone());
            cleanUp.open();
            assertInstanceOf(Outcome.Cancelled.class, group.joinOutcome());
            scope.join();
        }
        trail.assertSteps("ran 1", "ended 1");
    }

    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void bodiesThatWaitForAPermitNeverRunWhenTheScopeIsClosed(Policy policy) {
        Gate never = new Gate();
        Trail trail = new Trail();
        Future<? extends List<?>> group;
        try (TaskScope scope = leaks.open("concurrency")) {
            group =
                    policy.start(
                            scope.gather(
                                            List.of(1, 2, 3),
                                            i -> {
                                                trail.add("ran " + i);
                                                never.pass();
                                                return i;
                                            })
                                    .concurrency(1));
            never.awaitReached();
        }
        assertTrue(group.isDone());
        trail.assertSteps("ran 1");
    }

    // A body returns its permit, however it ends.
    @Test
    @Rule(22)
    void aFailedBodyReturnsItsPermit() {
        ThrowingFunction<Integer, Integer> body =
                i -> {
                    if (i % 2 == 0) {
                        throw new IllegalStateException("even: " + i);
                    }
                    if (i % 3 == 0) {
                        throw new LinkageError("divisible by three: " + i);
                    }
                    return i;
                };
        try (TaskScope scope = leaks.open("concurrency")) {
            List<Outcome<Integer>> list =
                    scope.gather(List.of(2, 3, 4, 5, 6, 7), body).concurrency(2).settled().join();
            assertEquals(
                    List.of(true, true, true, false, true, false),
                    list.stream().map(each -> each instanceof Outcome.Failure).toList());
        }
    }

    // A body keeps its permit while it waits for its own tasks, and these tasks still run.
    @Test
    @Rule({22, 25})
    void aBodyUnderALimitMayStartAGroup() {
        try (TaskScope scope = leaks.open("concurrency")) {
            List<Integer> sums =
                    scope.gather(
                                    List.of(10, 20, 30),
                                    tens -> {
                                        List<Integer> parts =
                                                scope.gather(List.of(1, 2, 3), one -> tens + one)
                                                        .concurrency(1)
                                                        .all()
                                                        .join();
                                        return parts.stream().mapToInt(Integer::intValue).sum();
                                    })
                            .concurrency(1)
                            .all()
                            .join();
            assertEquals(List.of(36, 66, 96), sums);
        }
    }

    private static Task<?> taskNamed(String name, TaskScope scope) {
        return scope.tasks().stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in\n" + scope.dump()));
    }
}
