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
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With {@code failFast()}, the first failure cancels the siblings, and the group fails once they have ended (R17). */
class GatherFailFastTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void aFailureCancelsTheSiblingsAndTheGroupIsNotDoneBeforeTheLastHasEnded(Origin origin) {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Gate fail = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.cleaningUp(never, cleanUp, trail),
                                    Bodies.throwing(boom, fail))
                            .failFast();
            never.awaitReached();
            Task<?> slow = Origin.child(0, scope);
            group.addDoneCallback(f -> trail.add("group done"));

            fail.open();
            cleanUp.awaitReached();
            assertTrue(slow.isCancelling());
            assertFalse(group.isDone());
            assertFalse(group.isCancelling(), "the group itself was not cancelled");

            cleanUp.open();
            assertSame(boom, assertThrows(CompletionException.class, group::join).getCause());
            assertFalse(group.isCancelled());
            assertTrue(slow.isCancelled());
            assertEquals(
                    0,
                    boom.getSuppressed().length,
                    "a sibling that the group cancelled is no failure");
            trail.await("group done");
        }
        trail.assertSteps("cleaned up", "group done");
    }

    // Asyncio collects these failures in an ExceptionGroup.
    @ParameterizedTest
    @EnumSource
    void failuresInTheCleanUpOfSiblingsAreAttachedAsSuppressed(Origin origin) {
        IOException boom = new IOException("boom");
        IOException mess = new IOException("could not clean up");
        IOException alsoMess = new IOException("could not clean up either");
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        Gate fail = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.failingToCleanUp(mess, never),
                                    Bodies.throwing(boom, fail),
                                    Bodies.failingToCleanUp(alsoMess, alsoNever))
                            .failFast();
            never.awaitReached();
            alsoNever.awaitReached();
            fail.open();

            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertEquals(Set.of(mess, alsoMess), Set.of(boom.getSuppressed()));
            assertInstanceOf(
                    TaskCancelledException.class,
                    mess.getSuppressed()[0],
                    "R7: the cancel that began the clean-up");
        }
        assertEquals(List.of(), leaks.takeReports(), "an attached failure is not reported");
    }

    // An exception cannot suppress itself, so the group must not attach it.
    @ParameterizedTest
    @EnumSource
    void twoChildrenMayFailWithTheSameObject(Origin origin) {
        IOException shared = new IOException("shared");
        Gate never = new Gate();
        Gate fail = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.throwing(shared, fail),
                                    Bodies.failingToCleanUp(shared, never))
                            .failFast();
            never.awaitReached();
            fail.open();
            assertSame(shared, group.joinOutcome().exceptionOrNull());
            for (Throwable other : shared.getSuppressed()) {
                assertInstanceOf(TaskCancelledException.class, other);
            }
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    void theFailingChildMayBePassedTwice() {
        IOException boom = new IOException("boom");
        Promise<String> failing = Promise.create();
        Promise<String> sibling = Promise.create();
        Future<List<String>> group = Gather.of(failing, sibling, failing).failFast();
        failing.fail(boom);
        assertSame(boom, group.joinOutcome().exceptionOrNull());
        assertEquals(0, boom.getSuppressed().length);
        assertTrue(sibling.isCancelled());
    }

    // The exception takes no suppressed ones, so the failure stays unread in its child.
    @ParameterizedTest
    @EnumSource
    @Rule(17)
    void aFailureThatCannotBeAttachedIsReported(Origin origin) {
        final class Closed extends RuntimeException {
            private static final long serialVersionUID = 1L;

            Closed() {
                super("takes no suppressed exceptions", null, false, false);
            }
        }
        Closed boom = new Closed();
        IOException mess = new IOException("could not clean up");
        Gate never = new Gate();
        Gate fail = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.failingToCleanUp(mess, never),
                                    Bodies.throwing(boom, fail))
                            .failFast();
            never.awaitReached();
            fail.open();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(Origin.nameOf(0), reports.get(0).name());
        assertSame(mess, reports.get(0).exception());
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledChildStopsTheOthersAndTheGroupFailsWithItsCancellation(Origin origin) {
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.returning("never", never),
                                    Bodies.returning("never", alsoNever))
                            .failFast();
            never.awaitReached();
            alsoNever.awaitReached();
            Task<?> stopped = Origin.child(0, scope);
            Task<?> sibling = Origin.child(1, scope);
            stopped.cancel("not wanted");

            assertSame(group.joinOutcome().exceptionOrNull(), stopped.exception());
            assertFalse(group.isCancelled(), "the group itself was not cancelled");
            assertTrue(sibling.isCancelled());
            TaskCancelledException asked =
                    assertInstanceOf(TaskCancelledException.class, sibling.exception());
            assertEquals(Origin.nameOf(1), asked.name());
            assertTrue(asked.reason().contains(Origin.nameOf(0)), "not named: " + asked);
        }
    }

    @Test
    @Rule({6, 22})
    void bodiesThatWaitForAPermitNeverRun() {
        IOException boom = new IOException("boom");
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<Integer>> group =
                    scope.<Integer, Integer>gather(
                                    List.of(1, 2, 3),
                                    i -> {
                                        trail.add("ran " + i);
                                        throw boom;
                                    })
                            .concurrency(1)
                            .failFast();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertEquals(0, boom.getSuppressed().length);
            scope.join();
        }
        trail.assertSteps("ran 1");
    }

    // A sibling that ignores the cancel and returns a value does not make the group succeed.
    @ParameterizedTest
    @EnumSource
    void theGroupWaitsForASiblingThatIgnoresTheCancel(Origin origin) {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Gate gate = new Gate();
        Gate fail = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<String>> group =
                    origin.plan(scope, Bodies.stubborn(never, gate), Bodies.throwing(boom, fail))
                            .failFast();
            never.awaitReached();
            Task<?> sibling = Origin.child(0, scope);
            fail.open();
            gate.awaitReached();
            assertFalse(group.isDone());
            gate.open();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertTrue(sibling.isCancelled());
        }
    }

    @Test
    void childrenThatHaveEndedKeepTheirValues() {
        IOException boom = new IOException("boom");
        Promise<String> good = Promise.create();
        Promise<String> failing = Promise.create();
        Future<List<String>> group = Gather.of(good, failing).failFast();
        good.complete("good");
        failing.fail(boom);
        assertSame(boom, group.joinOutcome().exceptionOrNull());
        assertEquals("good", good.join());
    }

    @ParameterizedTest
    @EnumSource
    @Rule(20)
    void cancellingAGroupThatIsAlreadyFailingChangesNothingForItsChildren(Origin origin) {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Gate fail = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Future<List<String>> group =
                    origin.plan(
                                    scope,
                                    Bodies.cleaningUp(never, cleanUp, new Trail()),
                                    Bodies.throwing(boom, fail))
                            .failFast();
            never.awaitReached();
            Task<?> slow = Origin.child(0, scope);
            fail.open();
            cleanUp.awaitReached();
            assertTrue(group.cancel("page closed"), "the group was not done yet");
            cleanUp.open();
            // The group may be cancelled or failed; in both cases no failure is lost.
            Throwable end = group.joinOutcome().exceptionOrNull();
            assertTrue(slow.isCancelled());
            if (end != boom) {
                assertTrue(group.isCancelled(), group::toString);
                assertEquals(List.of(boom), List.of(end.getSuppressed()));
            }
        }
    }
}
