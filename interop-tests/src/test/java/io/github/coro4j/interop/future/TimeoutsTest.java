package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** orTimeout and completeOnTimeout: a timeout that stops the work. No test here depends on how long a wait takes. */
class TimeoutsTest {
    static final Duration SHORT = Duration.ofMillis(1);
    static final Duration LONG = Duration.ofDays(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void hugeTimeout_neverExpires() {
        try (TaskScope scope = leaks.open("timeouts")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Future<String> limited = promise.orTimeout(Duration.ofSeconds(Long.MAX_VALUE));
            Future<String> other =
                    promise.completeOnTimeout("no", Duration.ofSeconds(Long.MAX_VALUE));
            promise.complete("value");
            assertEquals("value", limited.join());
            assertEquals("value", other.join());
        }
    }

    @Test
    void timeoutException_namesTheWorkAndTheTime() {
        try (TaskScope scope = leaks.open("timeouts")) {
            Task<String> task = blocked(scope, "slow-query");
            Future<String> limited = task.orTimeout(SHORT);

            TimeoutException timeout =
                    assertInstanceOf(
                            TimeoutException.class,
                            assertInstanceOf(Outcome.Failure.class, limited.joinOutcome())
                                    .exception());

            assertTrue(timeout.getMessage().contains("slow-query"), timeout.getMessage());
            assertTrue(timeout.getMessage().contains("within 0.001 s"), timeout.getMessage());
            assertSame(timeout, limited.exception());
            assertFalse(limited.isCancelled());
            assertTrue(task.joinOutcome().isCancelled());
            String why = task.exception().getMessage();
            assertTrue(why.contains("after 0.001 s"), "the reason is missing: " + why);
        }
    }

    @Test
    @Rule(32)
    void aTimeoutEndsWhileTheWorkStillStops() {
        try (TaskScope scope = leaks.open("timeouts")) {
            Gate cleanUp = new Gate();
            Task<String> task = slowToStop(scope, cleanUp, null);
            Future<String> limited = task.orTimeout(SHORT);
            Future<String> replaced = task.completeOnTimeout("instead", LONG);

            assertInstanceOf(TimeoutException.class, limited.joinOutcome().exceptionOrNull());
            assertTrue(task.isCancelling());
            assertEquals("instead", task.completeOnTimeout("instead", SHORT).join());
            cleanUp.open();

            assertTrue(task.joinOutcome().isCancelled());
            assertInstanceOf(
                    Outcome.Cancelled.class, replaced.joinOutcome(), "its time had not passed");
        }
    }

    @Test
    @Rule({16, 32})
    void exceptionOfTheCleanUp_comesLater_andIsReported() {
        IOException failure = new IOException("disk full");
        try (TaskScope scope = leaks.open("timeouts")) {
            Gate cleanUp = new Gate();
            Future<String> limited = slowToStop(scope, cleanUp, failure).orTimeout(SHORT);
            Throwable timeout = limited.joinOutcome().exceptionOrNull();
            assertInstanceOf(TimeoutException.class, timeout);
            assertEquals(0, timeout.getSuppressed().length);
            cleanUp.open();
        }
        FailureReport report = leaks.takeReports().get(0);
        assertSame(failure, report.exception());
        assertEquals("source", report.name());
    }

    @Test
    void completeOnTimeout_acceptsNull() {
        try (TaskScope scope = leaks.open("timeouts")) {
            assertEquals("cached", blocked(scope, "a").completeOnTimeout("cached", SHORT).join());
            Task<String> task = blocked(scope, "b");
            assertNull(task.completeOnTimeout(null, SHORT).join());
            assertTrue(task.joinOutcome().isCancelled(), "the timeout stops the work");
        }
    }

    @Test
    @Rule(16)
    void failureReplacedByAValue_staysUnread() {
        IOException failure = new IOException("disk full");
        try (TaskScope scope = leaks.open("timeouts")) {
            Gate cleanUp = new Gate();
            Future<String> replaced =
                    slowToStop(scope, cleanUp, failure).completeOnTimeout("cached", SHORT);
            assertEquals("cached", replaced.join());
            cleanUp.open();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports.toString());
        assertSame(failure, reports.get(0).exception());
        assertEquals("source", reports.get(0).name());
    }

    @Test
    void timeoutOfAShield_doesNotStopTheWork() {
        try (TaskScope scope = leaks.open("timeouts")) {
            Promise<String> shared = FutureKind.promiseIn(scope);
            Future<String> other = shared.map(value -> value);
            Future<String> limited = shared.shield().orTimeout(SHORT);

            assertInstanceOf(TimeoutException.class, limited.joinOutcome().exceptionOrNull());

            assertFalse(shared.isDone());
            assertTrue(shared.complete("value"));
            assertEquals("value", other.join());
        }
    }

    @Test
    void nestedTimeouts_failWithTheOneThatExpired() {
        try (TaskScope scope = leaks.open("timeouts")) {
            Future<String> inner = blocked(scope, "a").orTimeout(SHORT);
            Future<String> outer = inner.orTimeout(LONG);
            assertSame(
                    inner.joinOutcome().exceptionOrNull(), outer.joinOutcome().exceptionOrNull());
            assertInstanceOf(TimeoutException.class, outer.exception());

            Future<String> longer = blocked(scope, "b").orTimeout(LONG);
            Future<String> shorter = longer.orTimeout(SHORT);
            assertInstanceOf(TimeoutException.class, shorter.joinOutcome().exceptionOrNull());
            assertInstanceOf(
                    Outcome.Cancelled.class, longer.joinOutcome(), "its own time had not passed");
        }
    }

    @Test
    void aSleepIsATimerThatCanBeCancelled() {
        try (TaskScope scope = leaks.open("sleep")) {
            Trail trail = new Trail();
            Task<Void> task =
                    scope.launch(
                            () -> {
                                assertTrue(Task.sleep(Duration.ZERO).isDone());
                                assertNull(Task.sleep(Duration.ofMillis(1)).join());
                                Future<Void> day = Task.sleep(Duration.ofDays(1));
                                assertTrue(day.cancel("woken"));
                                trail.add(day.isCancelled());
                            });
            task.join();
            trail.assertSteps(true);
        }
    }

    private static Task<String> blocked(TaskScope scope, String name) {
        return scope.start(
                name,
                () -> {
                    new Gate().pass();
                    return "never";
                });
    }

    static Task<String> slowToStop(TaskScope scope, Gate cleanUp, Exception failure) {
        Gate work = new Gate();
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
