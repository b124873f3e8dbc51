package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The children of a group may be equal, done, none or of any kind, and the group reads its arguments once. */
class GatherChildrenTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void aChildPassedTwiceRunsOnceAndAppearsTwice(Policy policy) {
        AtomicInteger runs = new AtomicInteger();
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("twice")) {
            Task<String> twice =
                    scope.start(
                            "twice",
                            () -> {
                                gate.pass();
                                return "run " + runs.incrementAndGet();
                            });
            Future<? extends List<?>> group =
                    policy.start(Gather.of(twice, twice, Future.completed("other"), twice));
            gate.open();
            assertEquals(List.of("run 1", "run 1", "other", "run 1"), Policy.valuesOf(group));
        }
        assertEquals(1, runs.get());
    }

    // A body or item that is passed twice is two pieces of work.
    @Test
    @Rule(18)
    void aBodyPassedTwiceRunsTwice() {
        AtomicInteger runs = new AtomicInteger();
        Callable<Integer> body = runs::incrementAndGet;
        try (TaskScope scope = leaks.open("bodies")) {
            List<Integer> results = scope.gather(List.of(body, body)).concurrency(1).all().join();
            assertEquals(List.of(1, 2), results);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void aGroupWithoutChildrenIsDoneAtOnce(Policy policy) {
        try (TaskScope scope = leaks.open("empty")) {
            List<Gather<?>> plans =
                    List.of(
                            Gather.of(),
                            Gather.of(List.<Future<String>>of()),
                            scope.gather(List.of(), item -> item),
                            scope.gather(List.<Callable<String>>of()).concurrency(3).named("none"));
            for (Gather<?> plan : plans) {
                Future<? extends List<?>> group = policy.start(plan);
                assertTrue(group.isDone());
                assertEquals(List.of(), group.result());
                assertFalse(group.cancel("too late"));
                assertFalse(group.isCancelled());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void aGroupOfDoneChildrenIsDoneAtOnce(Policy policy) {
        Promise<String> promise = Promise.create();
        promise.complete("p");
        try (TaskScope scope = leaks.open("done")) {
            Task<String> task = scope.start(() -> "t");
            task.join();
            Future<? extends List<?>> group =
                    policy.start(Gather.of(task, promise, Future.completed("c")));
            assertTrue(group.isDone());
            assertEquals(List.of("t", "p", "c"), Policy.valuesOf(group));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void aGroupOfDoneChildrenWithAFailureIsDoneAtOnce(Policy policy) {
        IllegalStateException boom = new IllegalStateException("boom");
        Future<String> failed = Future.failed(boom);
        Future<? extends List<?>> group = policy.start(Gather.of(Future.completed("a"), failed));
        assertTrue(group.isDone());
        if (policy == Policy.SETTLED) {
            assertEquals(
                    List.of(Future.completed("a").outcome(), failed.outcome()), group.result());
        } else {
            assertSame(boom, group.exception());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(21)
    void childrenMayBeFuturesOfAnyKind(Policy policy) {
        Promise<Object> promise = Promise.create();
        try (TaskScope scope = leaks.open("kinds")) {
            Task<Object> task = scope.start(() -> "task");
            Future<Object> mapped = task.map(text -> text + "!");
            Future<? extends Object> inner = Gather.of(task, mapped).all();
            Gather<Object> plan =
                    Gather.<Object>of(task, promise, mapped, inner, Future.completed("value"));
            Future<? extends List<?>> group = policy.start(plan);
            promise.complete("promise");
            assertEquals(
                    List.of("task", "promise", "task!", List.of("task", "task!"), "value"),
                    Policy.valuesOf(group));
        }
    }

    @Test
    @Rule(18)
    void argumentsAreReadOnceAndNotKept() {
        List<Future<? extends String>> children =
                new ArrayList<>(List.of(Future.completed("a"), Future.completed("b")));
        Gather<String> plan = Gather.of(children);
        children.clear();
        assertEquals(List.of("a", "b"), plan.all().join());

        AtomicInteger reads = new AtomicInteger();
        Iterable<Integer> onlyOnce =
                () -> {
                    assertEquals(1, reads.incrementAndGet());
                    return List.of(1, 2).iterator();
                };
        try (TaskScope scope = leaks.open("once")) {
            List<Integer> items = new ArrayList<>(List.of(3, 4));
            Gather<Integer> early = scope.gather(items, i -> i * i).concurrency(1);
            items.clear();
            assertEquals(List.of(9, 16), early.all().join());
            for (int limit : new int[] {1, 2, 3}) {
                reads.set(0);
                Gather<Integer> squares = scope.gather(onlyOnce, i -> i * i).concurrency(limit);
                assertEquals(0, reads.get(), "the policy reads what is no collection");
                assertEquals(List.of(1, 4), squares.all().join());
                assertEquals(1, reads.get());
            }
            reads.set(0);
            assertEquals(List.of(1, 4), scope.gather(onlyOnce, i -> i * i).all().join());
        }
    }

    // A plan over existing futures starts no work, so any number of policies may use it.
    @Test
    @Rule(18)
    void severalPoliciesMayUseTheSameFutures() {
        Promise<String> promise = Promise.create();
        Gather<String> plan = Gather.of(promise, Future.completed("b"));
        List<Future<? extends List<?>>> groups = new ArrayList<>();
        for (Policy policy : Policy.values()) {
            groups.add(policy.start(plan));
            groups.add(policy.start(plan));
        }
        promise.complete("a");
        for (Future<? extends List<?>> group : groups) {
            assertEquals(List.of("a", "b"), Policy.valuesOf(group));
        }
    }
}
