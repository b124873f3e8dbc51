package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The future of a group may be a child of another group, at any depth (R21). */
class GatherNestingTest {
    private static final int DEEP = 1_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(21)
    void groupsOfGroupsGiveListsOfLists() {
        try (TaskScope scope = leaks.open("nested")) {
            Future<List<Integer>> first = scope.gather(List.of(1, 2), i -> i * 10).all();
            Future<List<Integer>> second = scope.gather(List.of(3), i -> i * 10).failFast();
            List<List<Integer>> lists = Gather.of(first, second, first).all().join();
            assertEquals(List.of(List.of(10, 20), List.of(30), List.of(10, 20)), lists);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(21)
    void cancellingTheOuterGroupReachesEveryLeaf(Policy inner) {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("nested")) {
            Promise<String> promise = Promise.create();
            Task<String> task =
                    scope.start(
                            "leaf",
                            new SlowCleanUp(never, cleanUp)
                                    .then(() -> trail.add("leaf cleaned up")));
            never.awaitReached();
            Future<? extends List<?>> a = inner.start(Gather.of(promise).named("a"));
            Future<? extends List<?>> b = inner.start(Gather.of(task).named("b"));
            Future<List<List<?>>> outer = Gather.<List<?>>of(a, b).named("outer").all();
            b.addDoneCallback(f -> trail.add("b cancelled: " + f.isCancelled()));

            assertTrue(outer.cancel("page closed"));
            cleanUp.awaitReached();
            a.joinOutcome();
            assertFalse(b.isDone());
            assertFalse(outer.isDone());
            cleanUp.open();
            outer.joinOutcome();
            for (Future<?> each : List.of(promise, task, a, b, outer)) {
                assertTrue(each.isCancelled(), each::toString);
                assertEquals(
                        "page closed",
                        assertInstanceOf(TaskCancelledException.class, each.exception()).reason());
            }
            assertEquals("a", ((TaskCancelledException) a.exception()).name());
            trail.await("b cancelled: true");
        }
        trail.assertSteps("leaf cleaned up", "b cancelled: true");
    }

    @Test
    @Rule(21)
    void aFailingLeafFailsItsGroupAndTheOuterGroupWhileTheOtherGroupRunsOn() {
        IOException boom = new IOException("boom");
        Promise<String> bad = Promise.create();
        Promise<String> good = Promise.create();
        Future<List<String>> first = Gather.of(bad).all();
        Future<List<String>> second = Gather.of(good).all();
        Future<List<List<String>>> outer = Gather.of(first, second).all();
        bad.fail(boom);
        assertSame(boom, outer.joinOutcome().exceptionOrNull());
        assertSame(boom, first.exception());
        assertFalse(second.isDone());
        good.complete("good");
        assertEquals(List.of("good"), second.join());
    }

    // The outer group has the stricter policy.
    @Test
    @Rule(21)
    void anOuterFailFastCancelsTheLeavesOfTheOtherGroup() {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("nested")) {
            Task<String> slow =
                    scope.start(
                            "slow",
                            () -> {
                                never.pass();
                                return "never";
                            });
            never.awaitReached();
            Promise<String> bad = Promise.create();
            Future<List<String>> first = Gather.of(bad).all();
            Future<List<String>> second = Gather.of(slow).all();
            Future<List<List<String>>> outer = Gather.of(first, second).failFast();
            bad.fail(boom);
            assertSame(boom, outer.joinOutcome().exceptionOrNull());
            assertTrue(second.isCancelled());
            assertTrue(slow.isCancelled());
        }
    }

    // A failure that passes through groups is one failure, and no group on the way reports it.
    @Test
    @Rule(17)
    void readingTheFailureOfTheOuterGroupReadsItInTheInnerGroups() {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("nested")) {
            Task<Throwable> reader =
                    scope.start(
                            "reader",
                            () -> {
                                Task<String> leaf =
                                        Task.start(
                                                "leaf",
                                                () -> {
                                                    throw boom;
                                                });
                                Future<List<String>> inner = Gather.of(leaf).named("inner").all();
                                return Gather.of(inner)
                                        .named("outer")
                                        .failFast()
                                        .joinOutcome()
                                        .exceptionOrNull();
                            });
            assertSame(boom, reader.join());
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // The stack does not overflow, and the value passes through every level.
    @ParameterizedTest
    @EnumSource
    @Rule(21)
    void aDeepChainEndsWhenItsLeafIsCompleted(Policy policy) {
        Promise<String> leaf = Promise.create();
        Future<?> top = chain(leaf, policy);
        assertFalse(top.isDone());
        leaf.complete("leaf");
        assertEquals("leaf", unwrapped(top));
    }

    @ParameterizedTest
    @EnumSource
    @Rule(21)
    void aDeepChainOverADoneLeafIsDoneAtOnce(Policy policy) {
        Future<?> top = chain(Future.completed("leaf"), policy);
        assertTrue(top.isDone());
        assertEquals("leaf", unwrapped(top));
    }

    @ParameterizedTest
    @EnumSource(names = "SETTLED", mode = EnumSource.Mode.EXCLUDE)
    @Rule(21)
    void aDeepChainFailsWithTheExceptionOfItsLeaf(Policy policy) {
        IOException boom = new IOException("boom");
        Promise<String> leaf = Promise.create();
        Future<?> top = chain(leaf, policy);
        leaf.fail(boom);
        assertSame(boom, top.joinOutcome().exceptionOrNull());
        assertEquals(0, boom.getSuppressed().length);
    }

    @ParameterizedTest
    @EnumSource
    @Rule(21)
    void cancellingADeepChainReachesItsLeaf(Policy policy) {
        Promise<String> leaf = Promise.create();
        Future<?> top = chain(leaf, policy);
        assertTrue(top.cancel("page closed"));
        top.joinOutcome();
        assertTrue(top.isCancelled());
        assertTrue(leaf.isCancelled());
        assertEquals(
                "page closed",
                assertInstanceOf(TaskCancelledException.class, leaf.exception()).reason());
    }

    // The leaf runs in a task, so that the chain ends on the thread of a body.
    @ParameterizedTest
    @EnumSource
    @Rule(21)
    void aDeepChainOverATaskLeavesTheTasksThreadAlone(Policy policy) {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("deep")) {
            Task<String> leaf =
                    scope.start(
                            "leaf",
                            () -> {
                                gate.pass();
                                return "leaf";
                            });
            Future<?> top = chain(leaf, policy);
            gate.open();
            assertEquals("leaf", unwrapped(top));
            assertEquals("still works", scope.start(() -> "still works").join());
        }
    }

    private static Future<?> chain(Future<?> leaf, Policy policy) {
        Future<?> top = leaf;
        for (int i = 0; i < DEEP; i++) {
            top = policy.start(Gather.<Object>of(top));
        }
        return top;
    }

    private static Object unwrapped(Future<?> top) {
        Object value = top.join();
        for (int i = 0; i < DEEP; i++) {
            value = ((List<?>) value).get(0);
            if (value instanceof Outcome<?> outcome) {
                value = outcome.valueOrThrow();
            }
        }
        return value;
    }
}
