package io.github.coro4j.interop.gather;

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
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With {@code all()}, the first failure fails the group at once, the others run on, and no failure is lost (R17). */
class GatherAllTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void theFirstFailureFailsTheGroupAtOnceWhileSiblingsRunOn(Origin origin) {
        IOException boom = new IOException("boom");
        Gate slow = new Gate();
        Gate fail = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group =
                    origin.plan(scope, Bodies.returning("late", slow), Bodies.throwing(boom, fail))
                            .all();
            slow.awaitReached();
            Task<?> sibling = Origin.child(0, scope);
            fail.open();

            CompletionException thrown = assertThrows(CompletionException.class, group::join);
            assertSame(boom, thrown.getCause());
            assertSame(boom, group.exception());
            assertFalse(group.isCancelled());
            assertFalse(sibling.isDone());
            assertFalse(sibling.isCancelling());

            slow.open();
            assertEquals("late", sibling.join());
            assertSame(boom, group.exception(), "the end never changes");
        }
    }

    // The first failure in time counts, not the first in the order of the arguments.
    @ParameterizedTest
    @EnumSource
    void theFirstFailureInTimeWins(Origin origin) {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        Gate failFirst = new Gate();
        Gate failSecond = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.throwing(second, failSecond),
                                    Bodies.throwing(first, failFirst))
                            .all();
            failSecond.awaitReached();
            Task<?> later = Origin.child(0, scope);
            failFirst.open();
            assertSame(first, group.joinOutcome().exceptionOrNull());
            failSecond.open();
            assertSame(second, later.joinOutcome().exceptionOrNull());
            assertSame(first, group.exception());
            assertEquals(0, first.getSuppressed().length, "nothing is attached after a read");
        }
    }

    // Asyncio loses these failures without a trace.
    @ParameterizedTest
    @EnumSource
    @Rule({16, 17})
    void laterFailuresAreReportedUnderTheChildsNameUnlessRead(Origin origin) {
        IOException first = new IOException("first");
        IOException read = new IOException("read");
        IOException unread = new IOException("unread");
        LinkageError alsoUnread = new LinkageError("also unread");
        Gate failFirst = new Gate();
        Gate failRead = new Gate();
        Gate failUnread = new Gate();
        Gate failAlsoUnread = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.throwing(first, failFirst),
                                    Bodies.throwing(read, failRead),
                                    Bodies.throwing(unread, failUnread),
                                    Bodies.throwing(alsoUnread, failAlsoUnread))
                            .all();
            failRead.awaitReached();
            Task<?> reader = Origin.child(1, scope);
            failFirst.open();
            assertSame(first, group.joinOutcome().exceptionOrNull());
            failRead.open();
            assertSame(read, reader.joinOutcome().exceptionOrNull());
            failUnread.open();
            failAlsoUnread.open();
            scope.join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(
                List.of(Origin.nameOf(2), Origin.nameOf(3)),
                reports.stream().map(FailureReport::name).sorted().toList());
        for (FailureReport report : reports) {
            assertEquals(FailureReport.Kind.UNREAD_FAILURE, report.kind());
            boolean second = report.name().equals(Origin.nameOf(2));
            assertSame(second ? unread : alsoUnread, report.exception());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledChildFailsTheGroupWithTheChildsOwnCancellation(Origin origin) {
        Gate never = new Gate();
        Gate slow = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.returning("never", never),
                                    Bodies.returning("late", slow))
                            .all();
            never.awaitReached();
            slow.awaitReached();
            Task<?> stopped = Origin.child(0, scope);
            Task<?> sibling = Origin.child(1, scope);
            assertTrue(stopped.cancel("not wanted"));

            TaskCancelledException cancellation =
                    assertInstanceOf(
                            TaskCancelledException.class, group.joinOutcome().exceptionOrNull());
            assertSame(stopped.exception(), cancellation);
            assertEquals(Origin.nameOf(0), cancellation.name());
            assertEquals("not wanted", cancellation.reason());
            assertFalse(group.isCancelled(), "the group itself was not cancelled");
            assertInstanceOf(Outcome.Failure.class, group.outcome());
            assertSame(
                    cancellation, assertThrows(CompletionException.class, group::join).getCause());

            assertFalse(sibling.isCancelling());
            slow.open();
            assertEquals("late", sibling.join());
        }
    }

    @Test
    void aTaskThatWaitsForAGroupWithACancelledChildRunsOn() {
        try (TaskScope scope = leaks.open("all")) {
            Promise<String> child = Promise.create();
            Future<List<String>> group = Gather.of(child).all();
            Task<String> waiter =
                    scope.start(
                            "waiter",
                            () -> {
                                Throwable seen = group.joinOutcome().exceptionOrNull();
                                Task.checkCancelled();
                                return "went on after " + seen.getClass().getSimpleName();
                            });
            child.cancel("not wanted");
            assertEquals("went on after TaskCancelledException", waiter.join());
            assertFalse(waiter.isCancelled());
        }
    }

    // No code has requested this cancellation, so it is a failure of the child and of the group.
    @ParameterizedTest
    @EnumSource
    void anUnrequestedCancellationIsAFailure(Origin origin) {
        CancellationException madeUp = new CancellationException("made up");
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group = origin.plan(scope, Bodies.throwing(madeUp, gate)).all();
            gate.awaitReached();
            Task<?> child = Origin.child(0, scope);
            gate.open();
            assertSame(madeUp, group.joinOutcome().exceptionOrNull());
            assertFalse(group.isCancelled());
            assertFalse(child.isCancelled());
            assertSame(madeUp, child.exception());
        }
    }

    // An Error is a failure like any other.
    @ParameterizedTest
    @EnumSource
    void anErrorInAChildFailsTheGroup(Origin origin) {
        LinkageError error = new LinkageError("no such class");
        Gate gate = new Gate();
        gate.open();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group = origin.plan(scope, Bodies.throwing(error, gate)).all();
            assertSame(error, group.joinOutcome().exceptionOrNull());
        }
    }

    // The group is done at the first failure, so its callback runs then.
    @ParameterizedTest
    @EnumSource
    void aCallbackRunsAtTheFirstFailure(Origin origin) {
        IOException boom = new IOException("boom");
        Gate slow = new Gate();
        Gate fail = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group =
                    origin.plan(scope, Bodies.returning("late", slow), Bodies.throwing(boom, fail))
                            .all();
            slow.awaitReached();
            Task<?> sibling = Origin.child(0, scope);
            group.addDoneCallback(
                    f -> {
                        assertSame(group, f);
                        trail.add(f.exception().getMessage() + ", sibling: " + sibling.isDone());
                    });
            fail.open();
            trail.await("boom, sibling: false");
            slow.open();
            sibling.join();
        }
        trail.assertSteps("boom, sibling: false");
    }

    // A failure cancels no sibling, so bodies that wait for a permit still get it.
    @Test
    void bodiesThatWaitForAPermitStillRunAfterAFailure() {
        IOException boom = new IOException("boom");
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<Integer>> group =
                    scope.gather(
                                    List.of(1, 2, 3),
                                    i -> {
                                        trail.add("ran " + i);
                                        if (i == 1) {
                                            throw boom;
                                        }
                                        return i;
                                    })
                            .concurrency(1)
                            .all();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            scope.join();
        }
        trail.assertSteps("ran 1", "ran 2", "ran 3");
    }
}
