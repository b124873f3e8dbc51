package io.github.coro4j.interop.gather;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Hedged;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hedge} starts another attempt if the first is late. */
@Timeout(120)
class HedgeTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Coro4jTest
    void ifTheFirstAttemptIsInTimeNoOtherBegins(TestScope time) {
        try (TaskScope scope = leaks.open("scope")) {
            Hedged<String> answer =
                    scope.hedge(
                                    3,
                                    HOUR,
                                    attempt -> {
                                        trail.add(attempt);
                                        return "answer";
                                    })
                            .join();
            assertEquals(new Hedged<>("answer", 0), answer);
            time.advanceBy(HOUR);
            scope.join();
        }
        trail.assertSteps(0);
    }

    @Coro4jTest
    void ifTheFirstAttemptIsLateASecondBeginsAndTheLoserIsCancelled(TestScope time) {
        Gate never = Gate.ofPromise();
        Gate cleanUp = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Future<Hedged<Integer>> answer =
                    scope.hedge(
                            2,
                            SOON,
                            attempt -> {
                                trail.add(attempt);
                                if (attempt == 0) {
                                    new SlowCleanUp(never, cleanUp)
                                            .then(() -> trail.add("cleaned up"))
                                            .run();
                                }
                                return attempt;
                            });
            time.advanceBy(SOON.minusNanos(1));
            trail.assertSteps(0);
            assertPending(answer);
            time.advanceBy(Duration.ofNanos(1));
            trail.assertSteps(0, 1);
            assertSucceeded(answer, new Hedged<>(1, 1));
            cleanUp.awaitReached(); // the loser is stopped
            cleanUp.open();
        }
        trail.assertSteps(0, 1, "cleaned up");
    }

    @Test
    void aFailureStartsTheNextAttemptAtOnce() {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("scope")) {
            Hedged<Integer> answer =
                    scope.hedge(
                                    3,
                                    HOUR,
                                    attempt -> {
                                        if (attempt < 2) {
                                            throw boom;
                                        }
                                        return attempt;
                                    })
                            .join();
            assertEquals(new Hedged<>(2, 2), answer);
        }
        assertEquals(2, leaks.takeReports().size(), "failures stay unread if an attempt succeeds");
    }

    @Test
    @Rule(17)
    void ifAllFailTheGroupFailsWithTheFirstAndTheOthersAreSuppressed() {
        List<IOException> failures =
                List.of(new IOException("0"), new IOException("1"), new IOException("2"));
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> answer =
                    scope.hedge(
                            3,
                            HOUR,
                            attempt -> {
                                throw failures.get(attempt);
                            });
            Throwable failure = assertThrows(CompletionException.class, answer::join).getCause();
            assertSame(failures.get(0), failure);
            assertEquals(failures.subList(1, 3), Arrays.asList(failure.getSuppressed()));
        }
    }

    @Coro4jTest
    @Rule(20)
    void aCancelStopsAllAttemptsAndNoOtherBegins(TestScope time) {
        Gate never = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> answer =
                    scope.hedge(
                            2,
                            HOUR,
                            attempt -> {
                                trail.add(attempt);
                                never.pass();
                                return attempt;
                            });
            never.awaitReached();
            answer.cancel("enough");
            assertInstanceOf(Outcome.Cancelled.class, answer.joinOutcome());
            time.advanceBy(HOUR);
            scope.join();
        }
        trail.assertSteps(0);
    }

    @Test
    void aZeroDelayStartsAllAttemptsAndACancelledAttemptIsReplaced() {
        Gate never = new Gate();
        Gate last = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Future<Hedged<Integer>> answer =
                    scope.hedge(
                            2,
                            HOUR,
                            attempt -> {
                                (attempt == 0 ? never : last).pass();
                                return attempt;
                            });
            never.awaitReached();
            scope.tasks().iterator().next().cancel("not this one");
            last.awaitReached();
            last.open();
            assertEquals(1, answer.join().attempt());

            AtomicInteger begun = new AtomicInteger();
            Gate gate = new Gate();
            Future<Hedged<Integer>> atOnce =
                    scope.hedge(
                            8,
                            Duration.ZERO,
                            attempt -> {
                                if (begun.incrementAndGet() < 8) {
                                    gate.pass();
                                }
                                return attempt;
                            });
            assertEquals(8, begun.get() == 8 ? 8 : waitFor(atOnce, begun));
        }
    }

    private static int waitFor(Future<?> future, AtomicInteger begun) {
        future.join();
        return begun.get();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theAnswerIsTheWinnersAndNoTaskRemains(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int attempts = 1 + random.nextInt(4);
            int winner = random.nextInt(attempts);
            Duration delay = Duration.ofNanos(random.nextInt(100_000));
            boolean cancels = random.nextInt(4) == 0;
            try (TaskScope scope = leaks.open("scope")) {
                Future<Hedged<Integer>> answer =
                        scope.hedge(
                                attempts,
                                delay,
                                attempt -> {
                                    if (attempt < winner) {
                                        throw new IOException("not " + attempt);
                                    }
                                    return attempt;
                                });
                if (cancels) {
                    answer.cancel("enough");
                }
                if (answer.joinOutcome() instanceof Outcome.Success<Hedged<Integer>> success) {
                    assertEquals(success.value().attempt(), success.value().value());
                    assertTrue(success.value().attempt() >= winner);
                } else {
                    assertTrue(cancels && answer.isCancelled(), answer::toString);
                }
                scope.join();
                assertTrue(scope.tasks().isEmpty());
            }
            leaks.takeReports();
        }
    }

    @Test
    void aHedgeStartsInTheCurrentScope() {
        try (TaskScope scope = leaks.open("scope")) {
            TaskScope where =
                    scope.start(
                                    () ->
                                            Gather.hedge(1, HOUR, attempt -> Task.current().scope())
                                                    .join()
                                                    .value())
                            .join();
            assertSame(scope, where);
        }
    }

    @Test
    @Rule(3)
    void badInputIsRefusedAtOnce() {
        TaskScope scope = leaks.open("scope");
        try (scope) {
            assertTrue(
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> scope.hedge(0, HOUR, attempt -> attempt))
                            .getMessage()
                            .startsWith("attempts must be at least 1, but is 0"));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> scope.hedge(1, Duration.ofSeconds(-1), attempt -> attempt));
            assertThrows(
                    NullPointerException.class, () -> scope.hedge(1, null, attempt -> attempt));
            assertThrows(NullPointerException.class, () -> scope.hedge(1, HOUR, null));
            assertTrue(scope.tasks().isEmpty());
        }
        assertThrows(IllegalStateException.class, () -> scope.hedge(1, HOUR, attempt -> attempt));
    }

    @Test
    @Rule(25)
    void anExecutorThatRunsBodiesAtOnceDoesNotRecurse() {
        try (TaskScope scope = leaks.open("here", Runnable::run)) {
            Future<Hedged<Integer>> answer =
                    scope.hedge(
                            1_000,
                            HOUR,
                            attempt -> {
                                if (attempt < 999) {
                                    throw new IOException("not " + attempt);
                                }
                                return attempt;
                            });
            assertEquals(999, answer.join().attempt());
        }
        assertEquals(999, leaks.takeReports().size());
    }
}
