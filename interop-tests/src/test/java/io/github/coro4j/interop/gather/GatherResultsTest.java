package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group gives a list of its results in the order of the arguments, once the last child has ended (R18). */
class GatherResultsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void resultsOfExistingFuturesAreInArgumentOrder(Policy policy) {
        Promise<String> a = Promise.create();
        Promise<String> b = Promise.create();
        Promise<String> c = Promise.create();
        Future<? extends List<?>> group = policy.start(Gather.of(a, b, c));
        c.complete("c");
        a.complete("a");
        assertFalse(group.isDone());
        b.complete("b");
        assertEquals(List.of("a", "b", "c"), Policy.valuesOf(group));
    }

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void resultsOfBodiesAreInItemOrder(Policy policy) {
        List<Gate> gates = List.of(new Gate(), new Gate(), new Gate());
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("order")) {
            Future<? extends List<?>> group =
                    policy.start(
                            scope.gather(
                                    List.of(0, 1, 2),
                                    i -> {
                                        gates.get(i).pass();
                                        trail.add(i);
                                        return "item " + i;
                                    }));
            for (int i = 2; i >= 0; i--) {
                assertFalse(group.isDone());
                gates.get(i).open();
                trail.await(i);
            }
            assertEquals(List.of("item 0", "item 1", "item 2"), Policy.valuesOf(group));
        }
        trail.assertSteps(2, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    @Rule({3, 18})
    void aNullResultKeepsItsPlace(Policy policy) {
        try (TaskScope scope = leaks.open("nulls")) {
            List<Object> expected = Arrays.asList(null, "b", null);
            assertEquals(
                    expected,
                    Policy.valuesOf(
                            policy.start(
                                    scope.gather(List.of(0, 1, 2), i -> i == 1 ? "b" : null))));
            Gather<String> existing =
                    Gather.of(
                            scope.start(() -> (String) null),
                            Future.completed("b"),
                            Future.completed(null));
            assertEquals(expected, Policy.valuesOf(policy.start(existing)));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void listsAreUnmodifiable(Policy policy) {
        List<Gather<?>> plans =
                List.of(Gather.of(), Gather.of(Future.completed("a"), Future.completed(null)));
        for (Gather<?> plan : plans) {
            List<?> list = policy.start(plan).join();
            assertThrows(UnsupportedOperationException.class, () -> list.add(null));
            assertThrows(UnsupportedOperationException.class, () -> list.removeIf(each -> true));
            if (!list.isEmpty()) {
                assertThrows(UnsupportedOperationException.class, () -> list.set(0, null));
                assertThrows(UnsupportedOperationException.class, () -> list.remove(0));
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> {
                            Iterator<?> iterator = list.iterator();
                            iterator.next();
                            iterator.remove();
                        });
            }
        }
        // A list that may hold nulls must also answer questions about them.
        assertTrue(Gather.of(Future.completed(null)).all().join().contains(null));
    }

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void readingTheListBeforeTheEndIsRefused(Policy policy) {
        Promise<String> promise = Promise.create();
        Future<? extends List<?>> group = policy.start(Gather.of(promise).named("pages"));
        for (IllegalStateException refusal :
                List.of(
                        assertThrows(IllegalStateException.class, group::result),
                        assertThrows(IllegalStateException.class, group::outcome),
                        assertThrows(IllegalStateException.class, group::exception))) {
            assertTrue(refusal.getMessage().contains("pages"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("join"), refusal.getMessage());
        }
        promise.complete("a");
        assertEquals(List.of("a"), Policy.valuesOf(group));
    }

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void bodiesRunAlthoughNoThreadWaits(Policy policy) {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("background")) {
            policy.start(
                            scope.gather(
                                    List.of(1, 2),
                                    i -> {
                                        trail.add("ran " + i);
                                        return i;
                                    }))
                    .addDoneCallback(group -> trail.add("done " + group.isDone()));
            trail.await("done true");
        }
        assertEquals(3, trail.steps().size());
        assertEquals("done true", trail.steps().get(2));
    }

    // No body starts before a policy is called; then they start in the order of the items.
    @Test
    @Rule(18)
    void aPlanAloneStartsNothing() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("plan")) {
            Gather<Integer> plan =
                    scope.gather(
                                    List.of(1, 2, 3),
                                    i -> {
                                        trail.add(i);
                                        return i;
                                    })
                            .concurrency(1)
                            .named("later");
            assertTrue(scope.tasks().isEmpty(), scope::dump);
            trail.add("policy");
            plan.all().join();
        }
        trail.assertSteps("policy", 1, 2, 3);
    }

    @ParameterizedTest
    @EnumSource
    @Rule({18, 22})
    void tenThousandChildrenKeepTheirOrder(Policy policy) {
        List<Integer> items = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            items.add(i);
        }
        try (TaskScope scope = leaks.open("many")) {
            assertEquals(items, Policy.valuesOf(policy.start(scope.gather(items, i -> i))));
            assertEquals(
                    items,
                    Policy.valuesOf(policy.start(scope.gather(items, i -> i).concurrency(3))));
            List<Task<Integer>> tasks = new ArrayList<>();
            for (Integer i : items) {
                tasks.add(scope.start(() -> i));
            }
            assertEquals(items, Policy.valuesOf(policy.start(Gather.of(tasks))));
        }
    }
}
