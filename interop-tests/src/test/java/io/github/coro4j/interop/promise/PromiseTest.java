package io.github.coro4j.interop.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A promise is a future that user code completes, and exactly one completion wins. */
class PromiseTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(1)
    void theFirstCompletionWinsAndTheOthersAreRefused() {
        Promise<String> completed = Promise.create();
        assertTrue(completed.complete("first"));
        assertFalse(completed.complete("second"));
        assertFalse(completed.fail(new IOException("late")));
        assertFalse(completed.cancel("late"));
        assertEquals("first", completed.result());

        Promise<String> failed = Promise.create();
        IOException failure = new IOException("first");
        assertTrue(failed.fail(failure));
        assertFalse(failed.complete("second"));
        assertFalse(failed.fail(new IOException("late")));
        assertFalse(failed.cancel());
        assertSame(failure, failed.exception());

        Promise<String> cancelled = Promise.create();
        assertTrue(cancelled.cancel("first"));
        assertFalse(cancelled.complete("second"));
        assertFalse(cancelled.fail(new IOException("late")));
        assertFalse(cancelled.cancel("late"));
        assertEquals(
                "first",
                assertInstanceOf(TaskCancelledException.class, cancelled.exception()).reason());
    }

    @Test
    void everyTransitionIsVisibleWhenTheCallReturns() {
        Promise<String> completed = Promise.create();
        completed.complete(null);
        assertTrue(completed.isDone());
        assertNull(completed.result());

        Promise<String> cancelled = Promise.create();
        cancelled.cancel();
        assertTrue(cancelled.isDone());
        assertTrue(cancelled.isCancelled());
        assertFalse(cancelled.isCancelling());

        Promise<String> uninterrupted = Promise.create();
        assertTrue(uninterrupted.cancel(false), "there is no body to interrupt");
        assertTrue(uninterrupted.isCancelled());
    }

    @Test
    void exactlyOneOfManyCompletersWins() {
        Race.rounds(
                300,
                (race, random) -> {
                    Promise<Integer> promise = Promise.create();
                    List<Boolean> answers =
                            race.run(
                                    random,
                                    () -> promise.complete(0),
                                    () -> promise.complete(1),
                                    () -> promise.complete(2),
                                    () -> promise.complete(3));

                    assertEquals(1, Collections.frequency(answers, true), answers.toString());
                    assertEquals(answers.indexOf(true), promise.result());
                    assertEquals(answers.indexOf(true), promise.join());
                });
    }

    @Test
    @Rule(1)
    void exactlyOneOfCompleteFailAndCancelWins() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    500,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        // With callbacks, the engine's state machine takes another path.
                        for (int i = random.nextInt(3); i > 0; i--) {
                            promise.addDoneCallback(each -> {});
                        }
                        IOException failure = new IOException("raced");
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> checkedEnd(promise, promise.complete("value")),
                                        () -> checkedEnd(promise, promise.fail(failure)),
                                        () -> checkedEnd(promise, promise.cancel("raced")));

                        Outcome<String> end = promise.outcome();
                        assertEquals(1, Collections.frequency(answers, true), answers + ", " + end);
                        assertEquals(
                                End.values()[answers.indexOf(true)].outcome(),
                                end.getClass(),
                                answers + ", " + end);
                        assertEquals(end, promise.joinOutcome());
                    });
        }
    }

    /** Checks that a caller whose completion was refused may read the end, and returns whether its completion won. */
    private static boolean checkedEnd(Promise<?> promise, boolean won) {
        assertTrue(won || promise.isDone(), "refused, and not done");
        return won;
    }

    @Test
    @Rule({1, 10})
    void aWaiterAndItsCallbacksAgreeOnTheWinner() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        Trail trail = new Trail();
                        promise.addDoneCallback(each -> trail.add(each.outcome()));
                        List<Object> seen =
                                race.run(
                                        random,
                                        (Callable<Object>) () -> promise.complete("value"),
                                        () -> promise.cancel("raced"),
                                        promise::joinOutcome);
                        trail.await(promise.outcome());
                        assertEquals(promise.outcome(), seen.get(2));
                        trail.assertSteps(promise.outcome());
                    });
        }
    }

    @Test
    void aPromiseNeedsNoScope() throws Exception {
        Promise<String> promise =
                PlainThread.start("plain", () -> Promise.<String>create()).result();
        PlainThread.start("another", () -> promise.complete("value")).result();
        assertEquals("value", promise.join());
    }

    @Test
    void theEndOfAScopeLeavesAPromisePending() {
        Promise<String> promise;
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("gone")) {
            promise = FutureKind.promiseIn(scope);
            promise.addDoneCallback(each -> trail.add("called: " + each.result()));
            scope.cancel("the scope ends, the promise does not");
        } // closing does not wait for it either

        assertFalse(promise.isDone());
        assertTrue(promise.complete("value"));
        assertEquals("value", promise.join());
        trail.await("called: value");
    }

    @Test
    @Rule(26)
    void writesBeforeTheCompletionAreVisibleToTheReader() throws Exception {
        try (TaskScope scope = leaks.open("memory")) {
            Race.rounds(
                    200,
                    (race, random) -> {
                        int[] plain = new int[100];
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        List<Integer> sums =
                                race.run(
                                        random,
                                        () -> {
                                            IntStream.range(0, 100).forEach(i -> plain[i] = 1);
                                            promise.complete("value");
                                            return 100;
                                        },
                                        () -> {
                                            promise.join();
                                            return IntStream.of(plain).sum();
                                        });
                        assertEquals(sums.get(0), sums.get(1));
                    });
        }
    }
}
