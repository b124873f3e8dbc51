package io.github.coro4j.interop.future;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** orTimeout and completeOnTimeout: a timeout that stops the work. No test here waits for a real time. */
class TimeoutsTest {
    static final Duration SHORT = Duration.ofMillis(1);
    static final Duration LONG = Duration.ofDays(1);
    private static final Duration A_NANO = Duration.ofNanos(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Coro4jTest
    void hugeTimeout_neverExpires(TestScope time) {
        try (TaskScope scope = leaks.open("timeouts")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Future<String> limited = promise.orTimeout(Duration.ofSeconds(Long.MAX_VALUE));
            Future<String> other =
                    promise.completeOnTimeout("no", Duration.ofSeconds(Long.MAX_VALUE));
            time.advanceBy(Duration.ofDays(100_000));
            assertPending(limited);
            assertPending(other);
            promise.complete("value");
            assertEquals("value", limited.join());
            assertEquals("value", other.join());
        }
    }

    @Coro4jTest
    void timeoutException_namesTheWorkAndTheTime(TestScope time) {
        try (TaskScope scope = leaks.open("timeouts")) {
            Task<String> task = blocked(scope, "slow-query");
            Future<String> limited = task.orTimeout(SHORT);

            time.advanceBy(SHORT.minus(A_NANO));
            assertPending(limited);
            time.advanceBy(A_NANO);
            TimeoutException timeout = assertTimedOut(limited);

            assertTrue(timeout.getMessage().contains("slow-query"), timeout.getMessage());
            assertTrue(timeout.getMessage().contains("within 0.001 s"), timeout.getMessage());
            assertSame(timeout, limited.exception());
            assertFalse(limited.isCancelled());
            assertCancelled(task, "timed out after 0.001 s");
        }
    }

    @Coro4jTest
    @Rule(32)
    void aTimeoutEndsWhileTheWorkStillStops(TestScope time) {
        try (TaskScope scope = leaks.open("timeouts")) {
            Gate cleanUp = Gate.ofPromise();
            Task<String> task = slowToStop(scope, Gate.ofPromise(), cleanUp, null);
            Future<String> limited = task.orTimeout(SHORT);
            Future<String> replaced = task.completeOnTimeout("instead", LONG);

            time.advanceBy(SHORT);
            assertTimedOut(limited);
            assertTrue(task.isCancelling());
            Future<String> late = task.completeOnTimeout("instead", SHORT);
            time.advanceBy(SHORT.minus(A_NANO));
            assertPending(late);
            time.advanceBy(A_NANO);
            assertSucceeded(late, "instead");
            assertPending(replaced);
            cleanUp.open();

            assertTrue(task.joinOutcome().isCancelled());
            assertTrue(replaced.joinOutcome().isCancelled(), "its time had not passed");
        }
    }

    @Coro4jTest
    @Rule({16, 32})
    void exceptionOfTheCleanUp_comesLater_andIsReported(TestScope time) {
        IOException failure = new IOException("disk full");
        try (TaskScope scope = leaks.open("timeouts")) {
            Gate cleanUp = Gate.ofPromise();
            Future<String> limited =
                    slowToStop(scope, Gate.ofPromise(), cleanUp, failure).orTimeout(SHORT);
            time.advanceBy(SHORT);
            assertEquals(0, assertTimedOut(limited).getSuppressed().length);
            cleanUp.open();
        }
        FailureReport report = leaks.takeReports().get(0);
        assertSame(failure, report.exception());
        assertEquals("source", report.name());
    }

    @Coro4jTest
    void completeOnTimeout_acceptsNull(TestScope time) {
        try (TaskScope scope = leaks.open("timeouts")) {
            Future<String> cached = blocked(scope, "a").completeOnTimeout("cached", SHORT);
            Task<String> task = blocked(scope, "b");
            Future<String> nothing = task.completeOnTimeout(null, SHORT);
            time.advanceBy(SHORT.minus(A_NANO));
            assertPending(cached);
            assertPending(nothing);
            time.advanceBy(A_NANO);
            assertSucceeded(cached, "cached");
            assertSucceeded(nothing, null);
            assertCancelled(task);
        }
    }

    @Coro4jTest
    @Rule(16)
    void failureReplacedByAValue_staysUnread(TestScope time) {
        IOException failure = new IOException("disk full");
        try (TaskScope scope = leaks.open("timeouts")) {
            Gate cleanUp = Gate.ofPromise();
            Future<String> replaced =
                    slowToStop(scope, Gate.ofPromise(), cleanUp, failure)
                            .completeOnTimeout("cached", SHORT);
            time.advanceBy(SHORT);
            assertSucceeded(replaced, "cached");
            cleanUp.open();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports.toString());
        assertSame(failure, reports.get(0).exception());
        assertEquals("source", reports.get(0).name());
    }

    @Coro4jTest
    void timeoutOfAShield_doesNotStopTheWork(TestScope time) {
        try (TaskScope scope = leaks.open("timeouts")) {
            Promise<String> shared = FutureKind.promiseIn(scope);
            Future<String> other = shared.map(value -> value);
            Future<String> limited = shared.shield().orTimeout(SHORT);

            time.advanceBy(SHORT);
            assertTimedOut(limited);

            assertFalse(shared.isDone());
            assertTrue(shared.complete("value"));
            assertEquals("value", other.join());
        }
    }

    @Coro4jTest
    void nestedTimeouts_failWithTheOneThatExpired(TestScope time) {
        try (TaskScope scope = leaks.open("timeouts")) {
            Future<String> inner = blocked(scope, "a").orTimeout(SHORT);
            Future<String> outer = inner.orTimeout(LONG);
            time.advanceBy(SHORT);
            assertSame(assertTimedOut(inner), assertTimedOut(outer));

            Future<String> longer = blocked(scope, "b").orTimeout(LONG);
            Future<String> shorter = longer.orTimeout(SHORT);
            time.advanceBy(SHORT);
            assertTimedOut(shorter);
            assertCancelled(longer); // its own time had not passed
        }
    }

    @Coro4jTest
    void aSleepIsATimerThatCanBeCancelled(TestScope time) {
        try (TaskScope scope = leaks.open("sleep")) {
            Task<Boolean> task =
                    scope.start(
                            () -> {
                                assertTrue(Task.sleep(Duration.ZERO).isDone());
                                assertNull(Task.sleep(SHORT).join());
                                Future<Void> day = Task.sleep(LONG);
                                assertTrue(day.cancel("woken"));
                                return day.isCancelled();
                            });
            time.advanceBy(SHORT.minus(A_NANO));
            assertPending(task);
            time.advanceBy(A_NANO);
            assertSucceeded(task, true);
            assertEquals(List.of(), time.timers());
        }
    }

    private static Task<String> blocked(TaskScope scope, String name) {
        return scope.start(
                name,
                () -> {
                    Gate.ofPromise().pass();
                    return "never";
                });
    }

    static Task<String> slowToStop(TaskScope scope, Gate work, Gate cleanUp, Exception failure) {
        Task<String> task =
                scope.start(
                        "source",
                        new SlowCleanUp(work, cleanUp)
                                .then(
                                        () -> {
                                            if (failure != null) {
                                                throw failure;
                                            }
                                        }));
        work.awaitReached();
        return task;
    }
}
