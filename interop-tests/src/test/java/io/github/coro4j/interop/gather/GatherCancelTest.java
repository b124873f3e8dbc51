package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A cancelled group cancels every child, and is done once the last child has ended (R20). */
class GatherCancelTest {
    private static final String EVERY = "io.github.coro4j.interop.gather.GroupKind#every";

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(20)
    void everyChildIsCancelledAndTheGroupEndsWithTheLast(GroupKind kind) {
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("cancel")) {
            Future<? extends List<?>> group =
                    kind.start(
                            scope,
                            Bodies.returning("never", never),
                            Bodies.cleaningUp(alsoNever, cleanUp, trail));
            never.awaitReached();
            alsoNever.awaitReached();
            Task<?> quick = Origin.child(0, scope);
            Task<?> slow = Origin.child(1, scope);
            group.addDoneCallback(f -> trail.add("done, cancelled: " + f.isCancelled()));

            assertTrue(group.cancel("page closed"));
            cleanUp.awaitReached();
            quick.joinOutcome();
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
            assertSame(thrown, group.exception());
            assertCancelled(Origin.GROUP, "page closed", group);
            assertCancelled(Origin.nameOf(0), "page closed", quick);
            assertCancelled(Origin.nameOf(1), "page closed", slow);
            trail.await("done, cancelled: true");
        }
        trail.assertSteps("cleaned up", "done, cancelled: true");
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(20)
    void bodiesThatHaveNotBegunNeverRun(GroupKind kind) {
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
                    kind.start(
                            scope,
                            () -> {
                                trail.add("ran");
                                return "ran";
                            });
            assertTrue(group.cancel("changed my mind"));
            assertTrue(group.isDone(), "there was nothing to wait for");
            assertTrue(group.isCancelled());
            queue.forEach(Runnable::run);
        }
        trail.assertSteps();
    }

    // The child catches the interrupt and returns a value.
    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(20)
    void theGroupIsCancelledEvenIfAChildIgnoresTheCancel(GroupKind kind) {
        Gate never = new Gate();
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Future<? extends List<?>> group = kind.start(scope, Bodies.stubborn(never, gate));
            never.awaitReached();
            Task<?> child = Origin.child(0, scope);
            group.cancel("enough");
            gate.awaitReached();
            assertFalse(group.isDone());
            gate.open();
            assertInstanceOf(Outcome.Cancelled.class, group.joinOutcome());
            assertTrue(child.isCancelled());
        }
    }

    // Asyncio drops the error of the clean-up, or surfaces it, by chance.
    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(17)
    void aFailureInTheCleanUpIsNotLost(GroupKind kind) {
        IOException mess = new IOException("could not clean up");
        Gate never = new Gate();
        List<Throwable> attached;
        try (TaskScope scope = leaks.open("cancel")) {
            Future<? extends List<?>> group =
                    kind.start(scope, Bodies.failingToCleanUp(mess, never));
            never.awaitReached();
            Outcome<?> outcome = group.cancelAndJoin("enough");
            assertTrue(group.isCancelled());
            attached = List.of(outcome.exceptionOrNull().getSuppressed());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, attached.size() + reports.size(), attached + " " + reports);
        if (reports.isEmpty()) {
            assertSame(mess, attached.get(0));
        } else {
            assertEquals(Origin.nameOf(0), reports.get(0).name());
            assertSame(mess, reports.get(0).exception());
        }
    }

    // Asyncio cannot reach these children any more.
    @ParameterizedTest
    @EnumSource
    @Rule(20)
    void cancellingReachesTheChildrenAfterTheGroupHasFailed(Origin origin) {
        IOException boom = new IOException("boom");
        Gate fail = new Gate();
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.returning("never", never),
                                    Bodies.throwing(boom, fail))
                            .all();
            never.awaitReached();
            Task<?> survivor = Origin.child(0, scope);
            fail.open();
            assertSame(boom, group.joinOutcome().exceptionOrNull());

            assertFalse(group.cancel("clean up"), "the group was done");
            survivor.joinOutcome();
            assertCancelled(Origin.nameOf(0), "clean up", survivor);
            assertSame(boom, group.exception());
            assertFalse(group.isCancelled());
        }
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(5)
    void cancellingWithoutInterruptDoesNotInterruptTheChildren(GroupKind kind) {
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("cancel")) {
            Future<? extends List<?>> group =
                    kind.start(
                            scope,
                            () -> {
                                gate.passUninterruptibly();
                                trail.add("interrupted: " + Thread.currentThread().isInterrupted());
                                Task.checkCancelled();
                                trail.add("not cancelled");
                                return "not cancelled";
                            });
            gate.awaitReached();
            assertTrue(group.cancel(false));
            gate.open();
            group.joinOutcome();
            assertTrue(group.isCancelled());
        }
        trail.assertSteps("interrupted: false");
    }

    // Asyncio reports a cancelled gather as a failure that was never retrieved.
    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(20)
    void aCancelledGroupIsNeverReported(GroupKind kind) {
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            scope.launch(() -> kind.start(scope, Bodies.returning("never", never))).join();
            never.awaitReached();
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(20)
    void aChildMayCancelItsGroup(GroupKind kind) {
        Promise<Future<?>> self = Promise.create();
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Future<? extends List<?>> group =
                    kind.start(
                            scope,
                            () -> {
                                never.awaitReached();
                                self.join().cancel("from inside");
                                Task.checkCancelled();
                                return "never";
                            },
                            Bodies.returning("never", never));
            self.complete(group);
            assertThrows(CancellationException.class, group::join);
            assertCancelled(Origin.GROUP, "from inside", group);
        }
    }

    // The child was cancelled before its group, and keeps its own reason.
    @ParameterizedTest
    @MethodSource(EVERY)
    @Rule(4)
    void theFirstReasonOfAChildWins(GroupKind kind) {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        try (TaskScope scope = leaks.open("cancel")) {
            Future<? extends List<?>> group =
                    kind.start(scope, Bodies.cleaningUp(never, cleanUp, new Trail()));
            never.awaitReached();
            Task<?> child = Origin.child(0, scope);
            child.cancel("first");
            cleanUp.awaitReached();
            group.cancel("second");
            cleanUp.open();
            group.joinOutcome();
            assertCancelled(Origin.nameOf(0), "first", child);
            assertCancelled(Origin.GROUP, "second", group);
        }
    }

    private static void assertCancelled(String name, String reason, Future<?> future) {
        assertTrue(future.isCancelled(), future::toString);
        TaskCancelledException cancellation =
                assertInstanceOf(TaskCancelledException.class, future.exception());
        assertEquals(name, cancellation.name());
        assertEquals(reason, cancellation.reason());
    }
}
