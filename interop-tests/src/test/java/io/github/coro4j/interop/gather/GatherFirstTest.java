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
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code firstSuccess} and {@code firstDone} cancel the children that they no longer need. */
class GatherFirstTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(32)
    void theGroupEndsWhileTheLosersStillStop(Origin origin) {
        Gate win = new Gate();
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("race")) {
            Future<String> first =
                    origin.plan(
                                    scope,
                                    Bodies.cleaningUp(never, cleanUp, trail),
                                    Bodies.returning("won", win))
                            .firstSuccess();
            never.awaitReached();
            Future<?> loser = Origin.child(0, scope);
            win.open();
            cleanUp.awaitReached();
            assertEquals("won", first.join());
            assertTrue(loser.isCancelling());
            cleanUp.open();
            assertTrue(loser.joinOutcome().isCancelled());
            String why = loser.exception().getMessage();
            assertTrue(why.contains("task \"pages[1]\"") && why.contains("succeeded first"), why);
        }
        trail.assertSteps("cleaned up");
    }

    @ParameterizedTest
    @EnumSource
    @Rule(17)
    void ifAllFailTheGroupFailsWithTheFirstAndTheOthersAreSuppressed(Origin origin) {
        IOException one = new IOException("one");
        IOException two = new IOException("two");
        Gate failOne = new Gate();
        Gate failTwo = new Gate();
        try (TaskScope scope = leaks.open("race")) {
            Future<String> first =
                    origin.plan(scope, Bodies.throwing(one, failOne), Bodies.throwing(two, failTwo))
                            .firstSuccess();
            failOne.awaitReached();
            Future<?> second = Origin.child(1, scope);
            failTwo.open();
            assertInstanceOf(Outcome.Failure.class, second.joinOutcome());
            assertFalse(first.isDone());
            failOne.open();
            Throwable surfaced = assertThrows(CompletionException.class, first::join).getCause();
            assertTrue(surfaced == one || surfaced == two);
            assertEquals(
                    List.of(surfaced == one ? two : one), Arrays.asList(surfaced.getSuppressed()));
        }
    }

    @Test
    @Rule({16, 17})
    void theFailureOfALoserStaysUnreadIfAnotherChildSucceeds() {
        Promise<String> fails = Promise.create();
        Promise<String> wins = Promise.create();
        IOException lost = new IOException("lost");
        try (TaskScope scope = leaks.open("race")) {
            Future<String> first = scope.gather(List.of(fails, wins), Future::join).firstSuccess();
            while (scope.tasks().size() < 2) {
                Thread.onSpinWait();
            }
            fails.fail(lost);
            while (scope.tasks().size() == 2) {
                Thread.onSpinWait();
            }
            wins.complete("won");
            assertEquals("won", first.join());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(lost, reports.get(0).exception().getCause());
    }

    @ParameterizedTest
    @EnumSource
    @Rule({15, 16})
    void readingFirstDoneReadsTheFailureOfTheChild(Origin origin) {
        IOException boom = new IOException("boom");
        Gate fail = new Gate();
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("first")) {
            Future<Outcome<String>> first =
                    origin.plan(scope, Bodies.returning("late", never), Bodies.throwing(boom, fail))
                            .firstDone();
            never.awaitReached();
            fail.open();
            assertSame(boom, first.join().exceptionOrNull());
        }
        // The test has read the failure, so no report comes.
        Gate again = new Gate();
        IOException unread = new IOException("unread");
        try (TaskScope scope = leaks.open("first")) {
            Future<Outcome<String>> first =
                    origin.plan(scope, Bodies.throwing(unread, again)).firstDone();
            again.open();
            while (!first.isDone()) {
                Thread.onSpinWait();
            }
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(unread, reports.get(0).exception());
        assertEquals("pages[0]", reports.get(0).name());
    }

    /** A way to make a future that ends as the group does. */
    private enum Way {
        OR_TIMEOUT(first -> first.orTimeout(Duration.ofHours(1))),
        FLAT_MAP(first -> Future.completed("").flatMap(any -> first)),
        SHIELD(Future::shield),
        RECOVER(first -> first.recover(failure -> null)),
        ALL(first -> Gather.of(List.of(first)).all().map(list -> list.get(0))),
        NESTED(first -> Gather.of(List.of(first)).all().orTimeout(Duration.ofHours(1))),
        FIRST_SUCCESS(first -> Gather.of(List.of(first)).firstSuccess());

        final Function<Future<Outcome<String>>, Future<?>> derive;

        Way(Function<Future<Outcome<String>>, Future<?>> derive) {
            this.derive = derive;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({15, 16})
    void readingAFutureThatFollowsFirstDoneReadsTheFailureOfTheChild(Way way) {
        for (boolean isRead : new boolean[] {true, false}) {
            IOException boom = new IOException("boom");
            Promise<String> child = Promise.create();
            try (TaskScope scope = leaks.open("first")) {
                Future<?> end =
                        way.derive.apply(
                                scope.gather(List.of(child), Future::join).firstDone().shield());
                child.fail(boom);
                if (isRead) {
                    String text = String.valueOf(end.join());
                    assertTrue(text.contains("boom"), text);
                } else {
                    while (!end.isDone()) {
                        Thread.onSpinWait();
                    }
                }
            }
            // The function in ALL receives the outcome, so the failure counts as read.
            boolean isHandedOver = isRead || way == Way.ALL;
            assertEquals(isHandedOver ? 0 : 1, leaks.takeReports().size(), way + " " + isRead);
        }
    }

    @Test
    @Rule(22)
    void bodiesThatWaitForAPermitNeverBeginAfterTheFirstSuccess() {
        List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
        try (TaskScope scope = leaks.open("one by one")) {
            int found =
                    scope.gather(
                                    List.of(1, 2, 3, 4),
                                    each -> {
                                        begun.add(each);
                                        if (each == 1) {
                                            throw new IOException("not here");
                                        }
                                        return each;
                                    })
                            .concurrency(1)
                            .firstSuccess()
                            .join();
            assertEquals(2, found);
        }
        assertEquals(List.of(1, 2), begun);
        assertEquals(1, leaks.takeReports().size());
    }

    @ParameterizedTest
    @EnumSource
    @Rule(3)
    void aPolicyThatNeedsMoreChildrenIsRefusedBeforeAnyBodyStarts(Origin origin) {
        try (TaskScope scope = leaks.open("none")) {
            Gather<String> none = origin.plan(scope);
            assertEquals(
                    "firstSuccess() needs at least one child, but "
                            + none
                            + " has none, and was not started; all() and settled() give an empty list",
                    assertThrows(IllegalStateException.class, none::firstSuccess).getMessage());
            assertThrows(IllegalStateException.class, none::firstDone);
            assertEquals(List.of(), none.all().join());

            Gate gate = new Gate();
            Callable<String> body = Bodies.returning("a", gate);
            Gather<String> one = origin.plan(scope, body);
            for (int k : new int[] {-1, 0, 2}) {
                String message =
                        assertThrows(IllegalArgumentException.class, () -> one.atLeast(k))
                                .getMessage();
                assertEquals(
                        "k must be from 1 to 1, the number of children, but is "
                                + k
                                + ": "
                                + one
                                + " was not started; settled() takes any number",
                        message);
            }
            assertThrows(NullPointerException.class, () -> one.until(null));
            gate.open();
            assertEquals(List.of("a"), one.atLeast(1).join(), "no refusal has started the plan");
        }
    }
}
