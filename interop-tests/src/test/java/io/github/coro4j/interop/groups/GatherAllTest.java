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
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import io.github.coro4j.interop.Trail;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R17, {@code all()}: the first failure surfaces at once, the others run on, and none vanishes. */
class GatherAllTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // S-128
    @Test
    void theFirstFailureFailsTheGroupAtOnceWhileSiblingsRunOn() {
        IOException boom = new IOException("boom");
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Task<String> sibling =
                    scope.start(
                            "sibling",
                            () -> {
                                gate.pass();
                                return "late";
                            });
            Task<String> failing =
                    scope.start(
                            "failing",
                            () -> {
                                throw boom;
                            });
            gate.awaitReached();
            Future<List<String>> group = Gather.of(sibling, failing).all();

            CompletionException thrown = assertThrows(CompletionException.class, group::join);
            assertSame(boom, thrown.getCause());
            assertSame(boom, group.exception());
            assertFalse(group.isCancelled());
            assertFalse(sibling.isDone());
            assertFalse(sibling.isCancelling());

            gate.open();
            assertEquals("late", sibling.join());
            assertSame(boom, group.exception(), "the end never changes");
        }
    }

    // S-128, for bodies that the plan starts
    @Test
    void bodiesOfThePlanRunOnAfterAFailure() {
        IOException boom = new IOException("boom");
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group =
                    scope.gather(
                                    List.of("slow", "bad"),
                                    item -> {
                                        if (item.equals("bad")) {
                                            throw boom;
                                        }
                                        gate.pass();
                                        trail.add(item + " ended");
                                        return item;
                                    })
                            .all();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            trail.add("group failed");
            gate.open();
            scope.join();
        }
        trail.assertSteps("group failed", "slow ended");
    }

    // S-129: in time, not in argument order
    @Test
    void theFirstInTimeWins() {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        Promise<String> a = Promise.create();
        Promise<String> b = Promise.create();
        Future<List<String>> group = Gather.of(a, b).all();
        b.fail(first);
        assertSame(first, group.joinOutcome().exceptionOrNull());
        a.fail(second);
        assertSame(first, group.exception());
        assertSame(second, a.exception());
        assertEquals(
                0, first.getSuppressed().length, "an exception that was handed out is left alone");
    }

    // R16, R17, S-130: asyncio loses these without a trace
    @Test
    void laterFailuresAreReportedUnderTheChildsName() {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        IOException third = new IOException("third");
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Map<String, IOException> items = Map.of("a", first, "b", second, "c", third);
            Future<List<String>> group =
                    scope.<String, String>gather(
                                    List.of("a", "b", "c"),
                                    item -> {
                                        if (!item.equals("a")) {
                                            gate.pass();
                                        }
                                        throw items.get(item);
                                    })
                            .named("pages")
                            .all();
            assertSame(first, group.joinOutcome().exceptionOrNull());
            gate.open();
            scope.join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(2, reports.size(), reports::toString);
        for (FailureReport report : reports) {
            assertEquals(FailureReport.Kind.UNREAD_FAILURE, report.kind());
            assertSame(report.name().equals("pages[1]") ? second : third, report.exception());
        }
        assertEquals(
                List.of("pages[1]", "pages[2]"),
                reports.stream().map(FailureReport::name).sorted().toList());
    }

    // R16, R17: for futures that existed, the name is their own
    @Test
    void laterFailuresOfExistingTasksAreReportedUnlessRead() {
        IOException first = new IOException("first");
        IOException read = new IOException("read");
        IOException unread = new IOException("unread");
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("all")) {
            Task<String> a =
                    scope.start(
                            "a",
                            () -> {
                                throw first;
                            });
            Task<String> b =
                    scope.start(
                            "b",
                            () -> {
                                gate.pass();
                                throw read;
                            });
            Task<String> c =
                    scope.start(
                            "c",
                            () -> {
                                gate.pass();
                                throw unread;
                            });
            assertSame(first, Gather.of(a, b, c).all().joinOutcome().exceptionOrNull());
            gate.open();
            assertSame(read, b.joinOutcome().exceptionOrNull());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals("c", reports.get(0).name());
        assertSame(unread, reports.get(0).exception());
    }

    // S-132, S-133: a child that somebody stopped
    @Test
    void aCancelledChildFailsTheGroupWithTheChildsOwnCancellation() {
        Gate gate = new Gate();
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("all")) {
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
                                gate.pass();
                                return "late";
                            });
            never.awaitReached();
            Future<List<String>> group = Gather.of(stopped, sibling).all();
            assertTrue(stopped.cancel("not wanted"));

            Throwable exception = group.joinOutcome().exceptionOrNull();
            TaskCancelledException cancellation =
                    assertInstanceOf(TaskCancelledException.class, exception);
            assertSame(stopped.exception(), cancellation);
            assertEquals("stopped", cancellation.name());
            assertEquals("not wanted", cancellation.reason());
            assertFalse(group.isCancelled(), "nobody cancelled the group");
            assertInstanceOf(Outcome.Failure.class, group.outcome());
            assertSame(
                    cancellation, assertThrows(CompletionException.class, group::join).getCause());

            assertFalse(sibling.isCancelling());
            gate.open();
            assertEquals("late", sibling.join());
        }
    }

    // S-133: whoever waits for such a group is not cancelled by it
    @Test
    void whoWaitsForAGroupWithACancelledChildWorksOn() {
        try (TaskScope scope = leaks.open("all")) {
            Promise<String> child = Promise.create();
            Future<List<String>> group = Gather.of(child).all();
            Task<String> waiter =
                    scope.start(
                            "waiter",
                            () -> {
                                Outcome<List<String>> outcome = group.joinOutcome();
                                Task.checkCancelled();
                                return "went on after "
                                        + outcome.exceptionOrNull().getClass().getSimpleName();
                            });
            child.cancel("not wanted");
            assertEquals("went on after TaskCancelledException", waiter.join());
            assertFalse(waiter.isCancelled());
        }
    }

    // A cancellation that nobody asked for is a failure, of the child and of the group.
    @Test
    void aCancellationThatABodyMakesUpIsAFailure() {
        CancellationException madeUp = new CancellationException("made up");
        try (TaskScope scope = leaks.open("all")) {
            Task<String> child =
                    scope.start(
                            "child",
                            () -> {
                                throw madeUp;
                            });
            Future<List<String>> group = Gather.of(child).all();
            assertSame(madeUp, group.joinOutcome().exceptionOrNull());
            assertFalse(group.isCancelled());
            assertFalse(child.isCancelled());
        }
    }

    // S-156: an Error is a failure like any other, whatever asyncio does with SystemExit
    @Test
    void anErrorInAChildFailsTheGroup() {
        LinkageError error = new LinkageError("no such class");
        try (TaskScope scope = leaks.open("all")) {
            Future<List<String>> group =
                    scope.<String, String>gather(
                                    List.of("a"),
                                    item -> {
                                        throw error;
                                    })
                            .named("errors")
                            .all();
            assertSame(error, group.joinOutcome().exceptionOrNull());
        }
    }

    // S-152: told when the group is done, which is at the first failure
    @Test
    void aCallbackIsToldAtTheFirstFailure() {
        IOException boom = new IOException("boom");
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("all")) {
            Task<String> sibling =
                    scope.start(
                            "sibling",
                            () -> {
                                gate.pass();
                                return "late";
                            });
            Promise<String> failing = Promise.create();
            Future<List<String>> group = Gather.of(sibling, failing).all();
            group.addDoneCallback(
                    f -> {
                        assertSame(group, f);
                        trail.add(
                                f.exception().getMessage() + ", sibling done: " + sibling.isDone());
                    });
            failing.fail(boom);
            trail.await("boom, sibling done: false");
            gate.open();
            sibling.join();
        }
        trail.assertSteps("boom, sibling done: false");
    }

    // Failing is not cancelling: bodies that wait for a permit still get theirs.
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
                            .limit(1)
                            .all();
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            trail.await("ran 3");
        }
        trail.assertSteps("ran 1", "ran 2", "ran 3");
    }
}
