package io.github.coro4j.interop.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import io.github.coro4j.interop.Trail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R20: a cancelled group asks every child, and is cancelled when the last of them has ended. */
class GatherCancelTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // S-137, S-138, S-139, S-140, S-147
    @ParameterizedTest
    @EnumSource
    void everyChildIsAskedAndTheGroupEndsWithTheLast(Policy policy) {
        Gate quick = new Gate();
        Gate slow = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("cancel")) {
            Task<String> a =
                    scope.start(
                            "a",
                            () -> {
                                quick.pass();
                                return "never";
                            });
            Task<String> b =
                    scope.start(
                            "b",
                            () -> {
                                try {
                                    slow.pass();
                                    return "never";
                                } finally {
                                    cleanUp.passUninterruptibly();
                                    trail.add("cleaned up");
                                }
                            });
            quick.awaitReached();
            slow.awaitReached();
            Future<? extends List<?>> group = policy.start(Gather.of(a, b).named("pages"));
            group.addDoneCallback(f -> trail.add("done, cancelled: " + f.isCancelled()));

            assertTrue(group.cancel("page closed"));
            cleanUp.awaitReached();
            a.joinOutcome();
            assertFalse(group.isDone());
            assertFalse(group.isCancelled());
            assertTrue(group.isCancelling());
            assertTrue(group.cancel("too late to give a reason"), "not done yet");

            cleanUp.open();
            CancellationException thrown = assertThrows(CancellationException.class, group::join);
            assertTrue(group.isDone());
            assertTrue(group.isCancelled());
            assertFalse(group.isCancelling());
            assertFalse(group.cancel("done"));
            assertCancelled("pages", "page closed", group);
            assertSame(thrown, group.exception());
            assertCancelled("a", "page closed", a);
            assertCancelled("b", "page closed", b);
            trail.await("done, cancelled: true");
        }
        trail.assertSteps("cleaned up", "done, cancelled: true");
    }

    // S-144: nothing has begun, so nothing runs
    @ParameterizedTest
    @EnumSource
    void bodiesThatHaveNotBegunNeverRun(Policy policy) {
        List<Runnable> queue = new ArrayList<>();
        Trail trail = new Trail();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("idle")
                                .executor(queue::add)
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            Future<? extends List<?>> group =
                    policy.start(
                            scope.gather(
                                    List.of(1, 2),
                                    i -> {
                                        trail.add(i);
                                        return i;
                                    }));
            assertTrue(group.cancel("changed my mind"));
            assertTrue(group.isDone(), "there was nothing to wait for");
            assertTrue(group.isCancelled());
            queue.forEach(Runnable::run);
        }
        trail.assertSteps();
    }

    // S-141: a child that swallows the request and returns
    @ParameterizedTest
    @EnumSource
    void aStubbornChildDoesNotSaveTheGroup(Policy policy) {
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Task<String> stubborn =
                    scope.start(
                            "stubborn",
                            () -> {
                                try {
                                    never.pass();
                                } catch (InterruptedException e) {
                                    return "anyway";
                                }
                                return "never";
                            });
            never.awaitReached();
            Future<? extends List<?>> group = policy.start(Gather.of(stubborn));
            assertInstanceOf(Outcome.Cancelled.class, group.cancelAndJoin("enough"));
            assertTrue(stubborn.isCancelled());
        }
    }

    // R17, S-142: asyncio drops the clean-up error, or surfaces it, by chance
    @ParameterizedTest
    @EnumSource
    void aFailureInTheCleanUpIsNotLost(Policy policy) {
        IOException mess = new IOException("could not clean up");
        Gate never = new Gate();
        List<Throwable> attached = new ArrayList<>();
        try (TaskScope scope = leaks.open("cancel")) {
            Task<String> messy =
                    scope.start(
                            "messy",
                            () -> {
                                try {
                                    never.pass();
                                    return "never";
                                } catch (InterruptedException e) {
                                    throw mess;
                                }
                            });
            never.awaitReached();
            Future<? extends List<?>> group = policy.start(Gather.of(messy));
            Outcome<?> outcome = group.cancelAndJoin("enough");
            assertTrue(group.isCancelled());
            attached.addAll(List.of(outcome.exceptionOrNull().getSuppressed()));
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, attached.size() + reports.size(), attached + " " + reports);
        if (reports.isEmpty()) {
            assertSame(mess, attached.get(0));
        } else {
            assertEquals("messy", reports.get(0).name());
            assertSame(mess, reports.get(0).exception());
        }
    }

    // S-131: asyncio cannot reach them any more
    @ParameterizedTest
    @EnumSource(names = {"ALL"})
    void cancellingReachesTheChildrenAfterTheGroupHasFailed(Policy policy) {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Promise<String> failing = Promise.create();
        try (TaskScope scope = leaks.open("cancel")) {
            Task<String> survivor =
                    scope.start(
                            "survivor",
                            () -> {
                                never.pass();
                                return "never";
                            });
            never.awaitReached();
            Future<? extends List<?>> group = policy.start(Gather.of(survivor, failing));
            failing.fail(boom);
            assertSame(boom, group.joinOutcome().exceptionOrNull());

            assertFalse(group.cancel("clean up"), "the group was done");
            survivor.joinOutcome();
            assertCancelled("survivor", "clean up", survivor);
            assertSame(boom, group.exception());
            assertFalse(group.isCancelled());
        }
    }

    // R8, unlike S-145: waiting does not own
    @ParameterizedTest
    @EnumSource
    void cancellingWhoWaitsLeavesTheGroupAlone(Policy policy) {
        Promise<String> child = Promise.create();
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Future<? extends List<?>> group = policy.start(Gather.of(child));
            Task<Void> waiter =
                    scope.launch(
                            "waiter",
                            () -> {
                                gate.pass();
                                group.join();
                            });
            gate.awaitReached();
            waiter.cancel(false);
            gate.open();
            waiter.joinOutcome();
            assertTrue(waiter.isCancelled());
            assertFalse(group.isDone());
            assertFalse(group.isCancelling());
            assertFalse(child.isDone());
            child.complete("went on");
            assertEquals(List.of("went on"), Policy.valuesOf(group));
        }
    }

    // R5, for a group
    @ParameterizedTest
    @EnumSource
    void cancellingWithoutInterruptOnlyTellsTheChildren(Policy policy) {
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("cancel")) {
            Task<Void> child =
                    scope.launch(
                            "child",
                            () -> {
                                gate.passUninterruptibly();
                                trail.add("interrupted: " + Thread.currentThread().isInterrupted());
                                Task.checkCancelled();
                                trail.add("not told");
                            });
            gate.awaitReached();
            Future<? extends List<?>> group = policy.start(Gather.of(child));
            assertTrue(group.cancel(false));
            gate.open();
            group.joinOutcome();
            assertTrue(group.isCancelled());
            assertTrue(child.isCancelled());
        }
        trail.assertSteps("interrupted: false");
    }

    // S-151: asyncio reports a cancelled gather as a failure that was never retrieved
    @ParameterizedTest
    @EnumSource
    void aCancelledGroupIsNeverReported(Policy policy) {
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            policy.start(
                    scope.gather(
                            List.of(1),
                            i -> {
                                never.pass();
                                return i;
                            }));
            never.awaitReached();
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // SEED-25: a child stops its own group
    @ParameterizedTest
    @EnumSource
    void aChildMayCancelItsGroup(Policy policy) {
        Promise<Future<?>> self = Promise.create();
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Task<String> killer =
                    scope.start(
                            "killer",
                            () -> {
                                never.awaitReached();
                                self.join().cancel("from inside");
                                Task.checkCancelled();
                                return "never";
                            });
            Task<String> sibling =
                    scope.start(
                            "sibling",
                            () -> {
                                never.pass();
                                return "never";
                            });
            Future<? extends List<?>> group =
                    policy.start(Gather.of(killer, sibling).named("pages"));
            self.complete(group);
            assertThrows(CancellationException.class, group::join);
            assertCancelled("pages", "from inside", group);
            assertCancelled("killer", "from inside", killer);
            assertCancelled("sibling", "from inside", sibling);
        }
    }

    // R4
    @ParameterizedTest
    @EnumSource
    void childrenThatHaveEndedKeepTheirEnd(Policy policy) {
        Promise<String> pending = Promise.create();
        Future<String> done = Future.completed("done");
        Future<? extends List<?>> group = policy.start(Gather.of(done, pending));
        group.cancelAndJoin("enough");
        assertTrue(group.isCancelled());
        assertTrue(pending.isCancelled());
        assertEquals("done", done.join());
    }

    // R4, S-094: a child that was already being stopped keeps the first reason
    @ParameterizedTest
    @EnumSource
    void theFirstReasonOfAChildWins(Policy policy) {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Task<String> child =
                    scope.start(
                            "child",
                            () -> {
                                try {
                                    never.pass();
                                    return "never";
                                } finally {
                                    cleanUp.passUninterruptibly();
                                }
                            });
            never.awaitReached();
            Future<? extends List<?>> group = policy.start(Gather.of(child));
            child.cancel("first");
            cleanUp.awaitReached();
            group.cancel("second");
            cleanUp.open();
            group.joinOutcome();
            assertCancelled("child", "first", child);
            assertTrue(group.isCancelled());
            assertEquals(
                    "second",
                    assertInstanceOf(TaskCancelledException.class, group.exception()).reason());
        }
    }

    // S-149
    @ParameterizedTest
    @EnumSource
    void shieldsCutTheLine(Policy policy) {
        Promise<String> inner = Promise.create();
        Future<? extends List<?>> overShields = policy.start(Gather.of(inner.shield()));
        overShields.cancelAndJoin("enough");
        assertTrue(overShields.isCancelled());
        assertFalse(inner.isDone());

        Future<? extends List<?>> group = policy.start(Gather.of(inner));
        Future<?> shield = group.shield();
        assertTrue(shield.cancel("only the shield"));
        assertTrue(shield.isCancelled());
        assertFalse(inner.isDone());
        inner.complete("went on");
        assertEquals(List.of("went on"), Policy.valuesOf(group));
    }

    // R9: the thread that waits for a group may be interrupted
    @ParameterizedTest
    @EnumSource
    void interruptingWhoWaitsLeavesTheGroupAlone(Policy policy) {
        Promise<String> child = Promise.create();
        Future<? extends List<?>> group = policy.start(Gather.of(child));
        Thread.currentThread().interrupt();
        try {
            assertThrows(WaitInterruptedException.class, group::join);
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertFalse(group.isCancelling());
        child.complete("went on");
        assertEquals(List.of("went on"), Policy.valuesOf(group));
    }

    private static void assertCancelled(String name, String reason, Future<?> future) {
        assertTrue(future.isCancelled(), future::toString);
        TaskCancelledException cancellation =
                assertInstanceOf(TaskCancelledException.class, future.exception());
        assertEquals(name, cancellation.name());
        assertEquals(reason, cancellation.reason());
    }
}
