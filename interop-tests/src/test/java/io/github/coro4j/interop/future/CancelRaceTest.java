package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R1, R4, R6 under race: the answer of {@code cancel} agrees with the end. */
class CancelRaceTest {
    private static final int ROUNDS = 300;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(4)
    void cancelAnswersTrueExactlyWhenTheFutureEndsCancelled(FutureKind kind) {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        ControlledFuture subject = kind.in(scope);
                        AtomicBoolean accepted = new AtomicBoolean();
                        race.run(
                                random,
                                () -> {
                                    subject.succeed("value");
                                    return null;
                                },
                                () -> {
                                    accepted.set(subject.future().cancel("raced"));
                                    assertTrue(accepted.get() || subject.future().isDone());
                                    return null;
                                });

                        Outcome<Object> outcome = subject.future().joinOutcome();

                        assertEquals(
                                accepted.get() ? End.CANCELLED.outcome() : End.SUCCESS.outcome(),
                                outcome.getClass(),
                                "cancel said " + accepted + ", the end is " + outcome);
                        assertEquals(outcome, subject.future().outcome());
                        assertEquals(accepted.get(), subject.future().isCancelled());
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({1, 7})
    void aFailureAndACancelAgreeOnOneEnd(FutureKind kind) {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        ControlledFuture subject = kind.in(scope);
                        IOException failure = new IOException("raced");
                        AtomicBoolean accepted = new AtomicBoolean();
                        race.run(
                                random,
                                () -> {
                                    subject.fail(failure);
                                    return null;
                                },
                                () -> {
                                    accepted.set(subject.future().cancel("raced"));
                                    return null;
                                });

                        Outcome<Object> outcome = subject.future().joinOutcome();
                        // A cancelled shield leaves the failure to its source.
                        subject.source().joinOutcome();

                        assertEquals(outcome, subject.future().outcome());
                        if (!accepted.get()) {
                            assertEquals(new Outcome.Failure<>(failure), outcome);
                        } else if (outcome instanceof Outcome.Failure<Object> failed) {
                            assertSame(failure, failed.exception());
                        } else {
                            assertInstanceOf(Outcome.Cancelled.class, outcome);
                        }
                    });
        }
    }

    @Test
    @Rule(4)
    void oneReasonWinsAndEveryReaderSeesIt() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        Gate cleanUp = new Gate();
                        Task<Void> task = slowToStop(scope, cleanUp);
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> task.cancel("red"),
                                        () -> task.cancel("green"),
                                        () -> task.cancel("blue"));
                        assertEquals(List.of(true, true, true), answers);
                        assertTrue(task.isCancelling());

                        List<Throwable> seen =
                                race.run(
                                        random,
                                        () -> {
                                            cleanUp.open();
                                            return task.joinOutcome().exceptionOrNull();
                                        },
                                        () -> task.joinOutcome().exceptionOrNull(),
                                        () -> task.joinOutcome().exceptionOrNull());

                        TaskCancelledException first =
                                assertInstanceOf(TaskCancelledException.class, seen.get(0));
                        assertTrue(List.of("red", "green", "blue").contains(first.reason()));
                        assertSame(first, seen.get(1));
                        assertSame(first, seen.get(2));
                    });
        }
    }

    @Test
    @Rule({2, 6})
    void aBodyEitherRunsBeforeTheEndOrNever() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("race").executor(only).open())) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        AtomicInteger runs = new AtomicInteger();
                        AtomicBoolean ranAfterTheEnd = new AtomicBoolean();
                        List<Task<Void>> started =
                                race.run(
                                        random,
                                        () ->
                                                scope.launch(
                                                        "raced",
                                                        () -> {
                                                            runs.incrementAndGet();
                                                            if (Task.current().isDone()) {
                                                                ranAfterTheEnd.set(true);
                                                            }
                                                        }));
                        Task<Void> task = started.get(0);
                        Race.spin(random.nextInt(300));
                        boolean accepted = task.cancel("raced");

                        assertEquals(accepted, task.joinOutcome() instanceof Outcome.Cancelled);
                        int runsAtTheEnd = runs.get();
                        scope.launch(() -> {}).join(); // every queued body has run
                        assertEquals(runsAtTheEnd, runs.get(), "a body ran after the end");
                        assertFalse(ranAfterTheEnd.get(), "a body ran while its task was done");
                        assertTrue(accepted || runs.get() == 1, "neither cancelled nor run");
                    });
        }
    }

    @Test
    @Rule(1)
    void observer_neverSeesTwoEnds() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        Future<Object> future = FutureKind.PROMISE.in(scope).future();
                        race.run(
                                random,
                                () -> future.cancel("raced"),
                                () -> {
                                    boolean done;
                                    do {
                                        boolean cancelled = future.isCancelled();
                                        done = future.isDone();
                                        assertTrue(
                                                done || !cancelled, "cancelled before it was done");
                                        assertFalse(
                                                done && future.isCancelling(),
                                                "done, yet cancelling");
                                    } while (!done);
                                    assertTrue(future.isCancelled());
                                    return true;
                                });
                    });
        }
    }

    private static Task<Void> slowToStop(TaskScope scope, Gate cleanUp) {
        Gate work = new Gate();
        Task<Void> task = scope.launch("raced", new SlowCleanUp(work, cleanUp));
        work.awaitReached();
        return task;
    }
}
