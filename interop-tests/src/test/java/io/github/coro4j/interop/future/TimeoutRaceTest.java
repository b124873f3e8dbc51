package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.TimeoutsTest.LONG;
import static io.github.coro4j.interop.future.TimeoutsTest.SHORT;
import static io.github.coro4j.interop.future.TimeoutsTest.slowToStop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A timeout, a cancel and the end of the work: the first of them decides how the future ends. */
class TimeoutRaceTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void endBeforeTheTimeout_isKept() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("timeouts")) {
            assertEquals("value", scope.start(() -> "value").orTimeout(LONG).join());
            assertEquals("value", scope.start(() -> "value").completeOnTimeout("no", LONG).join());
            assertEquals("value", Future.completed("value").orTimeout(SHORT).join());
            Future<String> failed =
                    scope.<String>start(
                                    () -> {
                                        throw broken;
                                    })
                            .orTimeout(LONG);
            assertSame(broken, failed.joinOutcome().exceptionOrNull());
        }
    }

    @Test
    void valueAfterTheTimeout_isDropped() {
        try (TaskScope scope = leaks.open("timeouts")) {
            Gate cleanUp = new Gate();
            Task<String> task = stubborn(scope, cleanUp);
            Future<String> limited = task.orTimeout(SHORT);
            cleanUp.awaitReached();
            cleanUp.open();

            assertInstanceOf(TimeoutException.class, limited.joinOutcome().exceptionOrNull());
        }
    }

    @Test
    void cancelBeforeTheTimeout_isNotReplacedByTheTimeout() {
        try (TaskScope scope = leaks.open("timeouts")) {
            boolean cancelledInTime = false;
            while (!cancelledInTime) { // on a slow machine the time may pass first
                Duration limit = Duration.ofMillis(100);
                Gate cleanUp = new Gate();
                Task<String> task = slowToStop(scope, new Gate(), cleanUp, null);
                Future<String> limited = task.orTimeout(limit);
                limited.cancel("by the user");
                // A second timeout began later and has expired, so the first has expired too.
                FutureKind.promiseIn(scope).orTimeout(limit).joinOutcome();
                cleanUp.open();

                Outcome<String> end = limited.joinOutcome();

                TaskCancelledException seen =
                        assertInstanceOf(TaskCancelledException.class, task.exception());
                cancelledInTime = "by the user".equals(seen.reason());
                assertSame(
                        cancelledInTime ? TaskCancelledException.class : TimeoutException.class,
                        end.exceptionOrNull().getClass());
            }
        }
    }

    @Test
    void cancelAndTimeout_agreeOnOneEnd() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    100,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        Future<String> limited = promise.orTimeout(SHORT);
                        Race.spin(random.nextInt(60_000));
                        boolean accepted = limited.cancel("raced");

                        Outcome<String> end = limited.joinOutcome();

                        if (accepted && end instanceof Outcome.Cancelled<String> cancelled) {
                            String message = cancelled.cancellation().getMessage();
                            assertTrue(message.contains("raced"), message);
                        } else {
                            assertInstanceOf(TimeoutException.class, end.exceptionOrNull());
                        }
                        assertTrue(promise.isCancelled());
                    });
        }
    }

    @Test
    void valueAndTimeout_agreeOnOneEnd() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    100,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        Future<String> limited = promise.completeOnTimeout("late", SHORT);
                        Race.spin(random.nextInt(60_000));
                        boolean completed = promise.complete("value");

                        String value = limited.join();

                        // A value that arrives after the time has passed is dropped.
                        assertTrue(completed ? value != null : value.equals("late"), value);
                        assertEquals(completed, !promise.isCancelled());
                    });
        }
    }

    private static Task<String> stubborn(TaskScope scope, Gate cleanUp) {
        Gate work = new Gate();
        Task<String> task =
                scope.start(
                        "stubborn",
                        () -> {
                            try {
                                work.pass();
                            } catch (InterruptedException e) {
                                cleanUp.passUninterruptibly();
                            }
                            return "late";
                        });
        work.awaitReached();
        return task;
    }
}
