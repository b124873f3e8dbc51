package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A group owns its children, but a thread that waits for a group does not own the group (R8). */
class GatherOwnershipTest {
    private static final String EVERY = "io.github.coro4j.interop.gather.GroupKind#every";

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // In asyncio the awaiting task owns the group; here it does not.
    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(8)
    void cancellingAWaitingTaskLeavesTheGroupAlone(GroupKind kind) {
        Gate child = new Gate();
        Gate waiting = new Gate();
        try (TaskScope scope = leaks.open("owner")) {
            Future<? extends List<?>> group = kind.start(scope, Bodies.returning("went on", child));
            child.awaitReached();
            Task<Void> waiter =
                    scope.launch(
                            "waiter",
                            () -> {
                                waiting.passUninterruptibly();
                                group.join();
                            });
            waiting.awaitReached();
            waiter.cancel("not wanted");
            waiting.open();
            waiter.joinOutcome();
            assertTrue(waiter.isCancelled());
            assertFalse(group.isDone());
            assertFalse(group.isCancelling());
            child.open();
            assertEquals(List.of("went on"), Policy.valuesOf(group));
        }
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(9)
    void interruptingAWaitingThreadLeavesTheGroupAlone(GroupKind kind) {
        Gate child = new Gate();
        try (TaskScope scope = leaks.open("owner")) {
            Future<? extends List<?>> group = kind.start(scope, Bodies.returning("went on", child));
            Thread.currentThread().interrupt();
            WaitInterruptedException interruption =
                    assertThrows(WaitInterruptedException.class, group::join);
            assertTrue(Thread.interrupted(), "the interrupt was swallowed");
            assertTrue(interruption.getMessage().contains(Origin.GROUP), interruption::getMessage);
            assertFalse(group.isCancelling());
            child.open();
            assertEquals(List.of("went on"), Policy.valuesOf(group));
        }
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule({20, 23})
    void cancellingTheScopeOfTheChildrenEndsThem(GroupKind kind) {
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("owner")) {
            Future<? extends List<?>> group = kind.start(scope, Bodies.returning("never", never));
            never.awaitReached();
            Task<?> child = Origin.child(0, scope);
            scope.cancel("page closed");
            group.joinOutcome();
            assertTrue(child.isCancelled());
            TaskCancelledException cancellation =
                    assertInstanceOf(TaskCancelledException.class, child.exception());
            assertEquals(Origin.nameOf(0), cancellation.name());
            assertEquals("page closed", cancellation.reason());
            if (kind.origin() != Origin.EXISTING) {
                assertTrue(group.isCancelled(), "the group belongs to the scope as well");
                assertEquals("page closed", ((TaskCancelledException) group.exception()).reason());
            } else if (kind.policy() != Policy.SETTLED) {
                assertSame(child.exception(), group.exception());
            }
        }
    }

    // The scope may cancel the children before their group, which is no failure of the group.
    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(8)
    void aLargeGroupThatEndsWithItsScopeIsCancelledAndNotReported(GroupKind kind) {
        for (int before = 0; before < 20; before++) {
            List<Gate> gates = new ArrayList<>();
            List<Callable<String>> bodies = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Gate never = new Gate();
                gates.add(never);
                bodies.add(Bodies.returning("never", never));
            }
            Future<? extends List<?>> group;
            try (TaskScope scope = leaks.open("owner")) {
                for (int i = 0; i < before; i++) {
                    scope.launch(() -> {});
                }
                group =
                        scope.<Future<? extends List<?>>>start(
                                        () ->
                                                kind.policy()
                                                        .start(kind.origin().plan(scope, bodies)))
                                .join();
                gates.forEach(Gate::awaitReached);
            }
            assertTrue(group.isCancelled(), group::toString);
            assertEquals(List.of(), leaks.takeReports());
        }
    }

    // This holds for a group over existing futures.
    @ParameterizedTest
    @EnumSource
    @Rule({8, 20})
    void aGroupThatATaskMakesBelongsToTheTasksScope(Policy policy) {
        Promise<String> child = Promise.create();
        try (TaskScope scope = leaks.open("owner")) {
            Future<? extends List<?>> group =
                    scope.<Future<? extends List<?>>>start(
                                    () -> policy.start(Gather.of(child).named("pages")))
                            .join();
            scope.cancel("page closed");
            group.joinOutcome();
            assertTrue(group.isCancelled());
            assertEquals("page closed", ((TaskCancelledException) group.exception()).reason());
        }
        assertFalse(child.isDone(), "it lives in another scope");
        child.complete("unharmed");
    }

    @ParameterizedTest
    @EnumSource
    @Rule(4)
    void childrenThatHaveEndedKeepTheirOutcome(Policy policy) {
        Promise<String> pending = Promise.create();
        Future<String> done = Future.completed("done");
        Future<? extends List<?>> group = policy.start(Gather.of(done, pending));
        group.cancelAndJoin("enough");
        assertTrue(group.isCancelled());
        assertTrue(pending.isCancelled());
        assertEquals("done", done.join());
    }

    @ParameterizedTest
    @EnumSource
    @Rule(8)
    void cancellingAGroupOfShieldsCancelsOnlyTheShields(Policy policy) {
        Promise<String> inner = Promise.create();
        Future<? extends List<?>> group = policy.start(Gather.of(inner.shield()));
        group.cancelAndJoin("enough");
        assertTrue(group.isCancelled());
        assertFalse(inner.isDone());
        inner.complete("unharmed");
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(8)
    void cancellingTheShieldOfAGroupLeavesItsChildrenAlone(GroupKind kind) {
        Gate child = new Gate();
        try (TaskScope scope = leaks.open("owner")) {
            Future<? extends List<?>> group = kind.start(scope, Bodies.returning("went on", child));
            Future<?> shield = group.shield();
            assertTrue(shield.cancel("only the shield"));
            assertTrue(shield.isCancelled());
            assertFalse(group.isCancelling());
            child.open();
            assertEquals(List.of("went on"), Policy.valuesOf(group));
        }
    }

    // A future derived from a group owns the group.
    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(8)
    void cancellingAFutureDerivedFromAGroupCancelsTheChildren(GroupKind kind) {
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("owner")) {
            Future<? extends List<?>> group = kind.start(scope, Bodies.returning("never", never));
            never.awaitReached();
            Task<?> child = Origin.child(0, scope);
            Future<Integer> derived = group.map(List::size);
            derived.cancelAndJoin("page closed");
            assertTrue(derived.isCancelled());
            assertTrue(group.isCancelled());
            assertTrue(child.isCancelled());
            assertEquals("page closed", ((TaskCancelledException) child.exception()).reason());
        }
    }
}
