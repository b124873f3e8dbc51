package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.failsafe.RetryPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetryTest {
    @Test
    void itPrintsWhatCameOfEachShop() {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Retry.main();
        } finally {
            System.setOut(before);
        }
        assertEquals(
                """
                south: Success[value=42, attempt 1]
                north: Success[value=42, attempt 2]
                closed: Failure[exception=java.io.IOException: closed does not answer, attempt 3]
                """,
                printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }

    /** It stands in the pause before the next attempt, which is an hour. */
    @Test
    void aCancelReachesThroughTheRetries() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        RetryPolicy<Object> hourly =
                RetryPolicy.builder()
                        .withDelay(Duration.ofHours(1))
                        .withMaxDuration(Duration.ofDays(1))
                        .build();
        try (TaskScope scope = TaskScope.open("retry")) {
            Task<String> task =
                    scope.start(
                            Retry.retrying(
                                    hourly,
                                    () -> {
                                        attempts.incrementAndGet();
                                        failed.countDown();
                                        throw new IOException("boom");
                                    }));
            failed.await();
            Outcome<String> end = task.cancelAndJoin("not wanted");
            assertTrue(end instanceof Outcome.Cancelled, end::toString);
            assertTrue(end.exceptionOrNull().getMessage().contains("not wanted"));
        }
        assertEquals(1, attempts.get());
    }

    // An interrupted read of a socket throws this exception, and the policy retries it.
    @Test
    void cancelledCallThatThrowsAnIOException_isNotTriedAgain() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        RetryPolicy<Object> threeTimes =
                RetryPolicy.builder().handle(IOException.class).withMaxAttempts(3).build();
        try (TaskScope scope = TaskScope.open("retry")) {
            Task<String> task =
                    scope.start(
                            Retry.retrying(
                                    threeTimes,
                                    () -> {
                                        attempts.incrementAndGet();
                                        reading.countDown();
                                        try {
                                            new CountDownLatch(1).await();
                                        } catch (InterruptedException e) {
                                            throw new InterruptedIOException();
                                        }
                                        return "never";
                                    }));
            reading.await();
            assertTrue(task.cancelAndJoin("not wanted").isCancelled());
        }
        assertEquals(1, attempts.get());
    }

    @Test
    void theLastFailureIsTheBodysOwn() {
        IOException boom = new IOException("boom");
        RetryPolicy<Object> twice = RetryPolicy.builder().withMaxAttempts(2).build();
        try (TaskScope scope = TaskScope.open("retry")) {
            Task<String> task =
                    scope.start(
                            Retry.retrying(
                                    twice,
                                    () -> {
                                        throw boom;
                                    }));
            assertSame(boom, task.joinOutcome().exceptionOrNull());
        }
    }
}
