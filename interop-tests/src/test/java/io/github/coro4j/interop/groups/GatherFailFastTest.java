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
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import io.github.coro4j.interop.Trail;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R17, {@code failFast()}: the first failure stops the siblings, and surfaces when they have stopped. */
class GatherFailFastTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // S-140, S-212
    @Test
    void aFailureCancelsTheSiblingsAndTheGroupIsNotDoneBeforeTheLastHasEnded() {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("fast")) {
            Task<String> slow =
                    scope.start(
                            "slow",
                            () -> {
                                try {
                                    never.pass();
                                    return "never";
                                } finally {
                                    cleanUp.passUninterruptibly();
                                    trail.add("cleaned up");
                                }
                            });
            never.awaitReached();
            Promise<String> failing = Promise.create();
            Future<List<String>> group = Gather.of(slow, failing).failFast();
            group.addDoneCallback(f -> trail.add("group done"));

            failing.fail(boom);
            cleanUp.awaitReached();
            assertTrue(slow.isCancelling());
            assertFalse(group.isDone());
            assertFalse(group.isCancelling(), "nobody cancelled the group");

            cleanUp.open();
            assertSame(boom, assertThrows(CompletionException.class, group::join).getCause());
            assertFalse(group.isCancelled());
            assertTrue(slow.isCancelled());
            assertEquals(
                    0,
                    boom.getSuppressed().length,
                    "a sibling that stopped as asked is no failure");
            trail.await("group done");
        }
        trail.assertSteps("cleaned up", "group done");
    }

    // S-213: asyncio collects them in an ExceptionGroup
    @Test
    void failuresOfSiblingsThatAreBeingStoppedAreAttachedAsSuppressed() {
        IOException boom = new IOException("boom");
        IOException mess = new IOException("could not clean up");
        IOException alsoMess = new IOException("could not clean up either");
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Task<String> messy =
                    scope.start(
                            "messy",
                            () -> {
                                try {
                                    never.pass();
                                    return "never";
                                } finally {
                                    throwIt(mess);
                                }
                            });
            Task<String> alsoMessy =
                    scope.start(
                            "also messy",
                            () -> {
                                try {
                                    alsoNever.pass();
                                    return "never";
                                } finally {
                                    throwIt(alsoMess);
                                }
                            });
            never.awaitReached();
            alsoNever.awaitReached();
            Promise<String> failing = Promise.create();
            Future<List<String>> group = Gather.of(messy, failing, alsoMessy).failFast();
            failing.fail(boom);

            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertEquals(Set.of(mess, alsoMess), Set.of(boom.getSuppressed()));
            assertInstanceOf(
                    TaskCancelledException.class,
                    mess.getSuppressed()[0],
                    "R7: why it was cleaning up");
        }
    }

    // An exception cannot be suppressed by itself; the group must not trip over that.
    @Test
    void twoChildrenMayFailWithTheSameObject() {
        IOException shared = new IOException("shared");
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Task<String> second =
                    scope.start(
                            "second",
                            () -> {
                                try {
                                    never.pass();
                                    return "never";
                                } finally {
                                    throwIt(shared);
                                }
                            });
            never.awaitReached();
            Promise<String> first = Promise.create();
            Future<List<String>> group = Gather.of(first, second, first).failFast();
            first.fail(shared);
            assertSame(shared, group.joinOutcome().exceptionOrNull());
            for (Throwable other : shared.getSuppressed()) {
                assertInstanceOf(TaskCancelledException.class, other);
            }
        }
    }

    // R17: where nothing can be attached, the failure stays unread in its child
    @Test
    void aFailureThatCannotBeAttachedIsReported() {
        final class Closed extends RuntimeException {
            private static final long serialVersionUID = 1L;

            Closed() {
                super("takes no suppressed exceptions", null, false, false);
            }
        }
        Closed boom = new Closed();
        IOException mess = new IOException("could not clean up");
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Task<String> messy =
                    scope.start(
                            "messy",
                            () -> {
                                try {
                                    never.pass();
                                    return "never";
                                } finally {
                                    throwIt(mess);
                                }
                            });
            never.awaitReached();
            Promise<String> failing = Promise.create();
            Future<List<String>> group = Gather.of(messy, failing).failFast();
            failing.fail(boom);
            assertSame(boom, group.joinOutcome().exceptionOrNull());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals("messy", reports.get(0).name());
        assertSame(mess, reports.get(0).exception());
    }

    @Test
    void aCancelledChildStopsTheOthersAndTheGroupFailsWithItsCancellation() {
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Task<String> stopped =
                    scope.start(
                            "stopped",
                            () -> {
                                never.pass();
                                return "never";
                            });
            Task<String> sibling =
                    scope.start(
                            "sibling",
                            () -> {
                                alsoNever.pass();
                                return "never";
                            });
            never.awaitReached();
            alsoNever.awaitReached();
            Future<List<String>> group = Gather.of(stopped, sibling).failFast();
            stopped.cancel("not wanted");

            Throwable exception = group.joinOutcome().exceptionOrNull();
            assertSame(stopped.exception(), exception);
            assertFalse(group.isCancelled(), "nobody cancelled the group");
            assertTrue(sibling.isCancelled());
            assertEquals(
                    "sibling",
                    assertInstanceOf(TaskCancelledException.class, sibling.exception()).name());
        }
    }

    // R6, R22
    @Test
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
                            .limit(1)
                            .failFast();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertEquals(0, boom.getSuppressed().length);
            scope.join();
        }
        trail.assertSteps("ran 1");
    }

    // S-221: a sibling that ignores the request and returns a value does not save the group
    @Test
    void aSiblingThatSwallowsTheRequestIsWaitedFor() {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Gate stubborn = new Gate();
        try (TaskScope scope = leaks.open("fast")) {
            Task<String> sibling =
                    scope.start(
                            "sibling",
                            () -> {
                                try {
                                    never.pass();
                                } catch (InterruptedException e) {
                                    stubborn.passUninterruptibly();
                                }
                                return "anyway";
                            });
            never.awaitReached();
            Promise<String> failing = Promise.create();
            Future<List<String>> group = Gather.of(sibling, failing).failFast();
            failing.fail(boom);
            stubborn.awaitReached();
            assertFalse(group.isDone());
            stubborn.open();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertTrue(sibling.isCancelled());
        }
    }

    // Children that have ended well keep their values.
    @Test
    void childrenThatHaveEndedAreLeftAlone() {
        IOException boom = new IOException("boom");
        Promise<String> good = Promise.create();
        Promise<String> failing = Promise.create();
        Future<List<String>> group = Gather.of(good, failing).failFast();
        good.complete("good");
        failing.fail(boom);
        assertSame(boom, group.joinOutcome().exceptionOrNull());
        assertEquals("good", good.join());
    }

    private static void throwIt(IOException exception) throws IOException {
        throw exception;
    }
}
