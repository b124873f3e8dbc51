package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gather refuses bad arguments before any body starts (R3, R19). */
class GatherArgumentsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(3)
    void aNullChildIsNamedByItsIndex() {
        Future<String> a = Future.completed("a");
        assertSays(
                "children[1]",
                assertThrows(NullPointerException.class, () -> Gather.of(a, null, a)));
        assertSays(
                "children[2]",
                assertThrows(
                        NullPointerException.class, () -> Gather.of(Arrays.asList(a, a, null))));
    }

    @Test
    @Rule(3)
    void nullChildrenAreRefusedWithTheNameOfTheParameter() {
        Future<String>[] array = null;
        Iterable<Future<String>> iterable = null;
        assertSays("children", assertThrows(NullPointerException.class, () -> Gather.of(array)));
        assertSays("children", assertThrows(NullPointerException.class, () -> Gather.of(iterable)));
    }

    @Test
    @Rule({3, 19})
    void aNullItemIsNamedAndNothingHasStarted() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("items")) {
            ThrowingFunction<Integer, Integer> body =
                    i -> {
                        trail.add(i);
                        return i;
                    };
            assertSays(
                    "items[2]",
                    assertThrows(
                            NullPointerException.class,
                            () -> scope.gather(Arrays.asList(1, 2, null, 4), body)));
            Iterable<Integer> none = null;
            assertSays(
                    "items",
                    assertThrows(NullPointerException.class, () -> scope.gather(none, body)));
            assertSays(
                    "body",
                    assertThrows(NullPointerException.class, () -> scope.gather(List.of(1), null)));
            assertTrue(scope.tasks().isEmpty(), scope::dump);
            scope.join();
        }
        trail.assertSteps();
    }

    @Test
    @Rule({3, 19})
    void aNullBodyIsNamedAndNothingHasStarted() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("bodies")) {
            Callable<String> body =
                    () -> {
                        trail.add("ran");
                        return "ran";
                    };
            assertSays(
                    "bodies[1]",
                    assertThrows(
                            NullPointerException.class,
                            () -> scope.gather(Arrays.asList(body, null, body))));
            Iterable<Callable<String>> none = null;
            assertSays(
                    "bodies", assertThrows(NullPointerException.class, () -> scope.gather(none)));
            assertTrue(scope.tasks().isEmpty(), scope::dump);
            scope.join();
        }
        trail.assertSteps();
    }

    // The caller gets the exception of the source unchanged, and no body has started.
    @Test
    @Rule(19)
    void aSourceThatThrowsHalfWayStartsNoBody() {
        IllegalStateException broken = new IllegalStateException("the cursor was closed");
        Iterable<Integer> source =
                () ->
                        new Iterator<>() {
                            private int next;

                            @Override
                            public boolean hasNext() {
                                return true;
                            }

                            @Override
                            public Integer next() {
                                if (next == 2) {
                                    throw broken;
                                }
                                return next++;
                            }
                        };
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("source")) {
            assertSame(
                    broken,
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    scope.gather(
                                                    source,
                                                    i -> {
                                                        trail.add(i);
                                                        return i;
                                                    })
                                            .all()));
            assertTrue(scope.tasks().isEmpty(), scope::dump);
            scope.join();
        }
        trail.assertSteps();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aLimitBelowOneIsRefused(int atOnce) {
        try (TaskScope scope = leaks.open("concurrency")) {
            Gather<Integer> plan = scope.gather(List.of(1), i -> i);
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> plan.concurrency(atOnce));
            assertSays("atOnce", refusal);
            assertSays(String.valueOf(atOnce), refusal);
            assertEquals(List.of(1), plan.all().join(), "the plan can still start");
        }
    }

    @Test
    void existingFuturesCannotBeLimited() {
        IllegalStateException refusal =
                assertThrows(
                        IllegalStateException.class,
                        () -> Gather.of(Future.completed("a")).concurrency(2));
        assertSays("concurrency(2)", refusal);
        assertSays("gather(", refusal);
    }

    @Test
    @Rule(3)
    void aNullOrBlankNameIsRefused() {
        Gather<String> plan = Gather.of(Future.completed("a"));
        assertSays("name", assertThrows(NullPointerException.class, () -> plan.named(null)));
        assertSays("name", assertThrows(IllegalArgumentException.class, () -> plan.named(" ")));
    }

    // The engine cannot watch a future that another library implements.
    @Test
    void aFutureOfAnotherImplementationIsRefusedWithItsIndex() {
        Object foreign =
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Future.class},
                        (proxy, method, args) ->
                                method.getReturnType() == boolean.class ? false : null);
        Future<?> stranger = (Future<?>) foreign;
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Gather.<Object>of(Future.completed("a"), stranger));
        assertSays("children[1]", refusal);
    }

    @ParameterizedTest
    @EnumSource
    void aPlanOfAScopeStartsOnce(Policy policy) {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("once")) {
            Gather<Integer> plan =
                    scope.gather(
                                    List.of(1),
                                    i -> {
                                        trail.add("ran " + i);
                                        return i;
                                    })
                            .named("pages");
            Future<? extends List<?>> first = policy.start(plan);
            for (Policy second : Policy.values()) {
                assertSays(
                        "pages",
                        assertThrows(IllegalStateException.class, () -> second.start(plan)));
            }
            assertEquals(List.of(1), Policy.valuesOf(first));
        }
        trail.assertSteps("ran 1");
    }

    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void aPlanOfAClosedScopeIsRefused(Policy policy) {
        Trail trail = new Trail();
        TaskScope scope = leaks.open("shop");
        Gather<Integer> plan =
                scope.gather(
                        List.of(1),
                        i -> {
                            trail.add(i);
                            return i;
                        });
        scope.close();
        assertSays("shop", assertThrows(IllegalStateException.class, () -> policy.start(plan)));
        assertSays(
                "shop",
                assertThrows(IllegalStateException.class, () -> scope.gather(List.of(1), i -> i)));
        assertSays(
                "shop",
                assertThrows(
                        IllegalStateException.class,
                        () -> scope.gather(List.<Callable<String>>of(() -> "never"))));
        trail.assertSteps();
    }

    // Plans are immutable: a limit or a name makes a new plan.
    @Test
    void namingAPlanDoesNotChangeThePlan() {
        Promise<String> promise = Promise.create();
        Gather<String> plan = Gather.of(promise);
        Gather<String> named = plan.named("pages");
        Future<List<String>> first = plan.all();
        Future<List<String>> second = named.all();
        promise.cancel("enough");
        // Each group failed with the child's cancellation; the group's name shows in its text.
        assertTrue(first.exception() instanceof TaskCancelledException);
        assertSame(first.exception(), second.exception());
        assertTrue(second.toString().contains("pages"), second::toString);
        assertTrue(first.toString().matches("(?s).*gather-\\d+.*"), first::toString);
    }

    private static void assertSays(String part, Throwable refusal) {
        assertTrue(
                refusal.getMessage() != null && refusal.getMessage().contains(part),
                () -> "\"" + part + "\" is missing in: " + refusal);
    }
}
