package io.github.coro4j.interop.virtual;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertFailed;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;

@Coro4jTest
class AssertionsTest {
    private static final IOException BOOM = new IOException("boom");
    private static final TimeoutException LATE = new TimeoutException("late");

    private static String messageOf(Executable wrong) {
        return assertThrows(AssertionFailedError.class, wrong).getMessage();
    }

    @Test
    void ends() {
        assertSucceeded(Future.completed(null), null);
        assertEquals("a", assertSucceeded(Future.completed("a")));
        assertNull(assertSucceeded(Future.completed(null)));
        assertSame(BOOM, assertFailed(Future.failed(BOOM), IOException.class));
        assertCancelled(Future.cancelled("enough"), "enough");
        assertCancelled(Future.cancelled("enough"));
        assertSame(LATE, assertTimedOut(Future.failed(LATE)));
        assertPending(Promise.create());
    }

    @Test
    void anotherValue() {
        AssertionFailedError error =
                assertThrows(
                        AssertionFailedError.class,
                        () -> assertSucceeded(Future.completed("a").named("price"), "b"));
        assertTrue(
                error.getMessage()
                        .startsWith(
                                "Promise \"price\" (succeeded: a) should succeed with b, but its outcome is Success[value=a]"),
                error.getMessage());
        assertEquals("b", error.getExpected().getValue());
        assertEquals("a", error.getActual().getValue());
    }

    @Test
    void anotherEnd() {
        Future<String> failed = Future.<String>failed(BOOM).named("price");
        String found = "but its outcome is Failure[exception=java.io.IOException: boom]";
        assertContains("should succeed with a, " + found, () -> assertSucceeded(failed, "a"));
        assertContains(
                "should be cancelled for \"enough\", " + found,
                () -> assertCancelled(failed, "enough"));
        assertContains("should time out, " + found, () -> assertTimedOut(failed));
        assertContains("should be pending, " + found, () -> assertPending(failed));
        assertContains(
                "should fail with java.lang.Error, " + found,
                () -> assertFailed(failed, Error.class));
        AssertionFailedError error =
                assertThrows(AssertionFailedError.class, () -> assertSucceeded(failed, "a"));
        assertSame(BOOM, error.getCause());
    }

    @Test
    void theTaskUnderALimit() {
        assertContains(
                "Its task, and what a deadline ends, was cancelled: use assertCancelled for those",
                () -> assertTimedOut(Future.cancelled("timed out after 1 s")));
    }

    @Test
    void anotherReason() {
        Future<String> cancelled = Future.cancelled("enough");
        assertContains(
                "should be cancelled for \"more\", but its outcome is Cancelled[",
                () -> assertCancelled(cancelled, "more"));
    }

    @Test
    void noEndYet() {
        assertContains(
                "should time out, but it is still pending", () -> assertTimedOut(Promise.create()));
        assertContains(
                "Advance the time before the assertion: call advanceBy on the test thread, or delay in runCoro4jTest",
                () -> assertCancelled(Promise.create()));
    }

    @Test
    void inTheDebugModeTheMessageHasThePlace(TestScope scope) {
        Task<String> task = scope.start("load", () -> "a");
        scope.runCurrent();
        String text = messageOf(() -> assertSucceeded(task, "b"));
        boolean isDebug = AssertionsTest.class.desiredAssertionStatus();
        assertEquals(
                isDebug,
                text.contains(
                        "It was started at "
                                + AssertionsTest.class.getName()
                                + ".inTheDebugModeTheMessageHasThePlace(AssertionsTest.java:"),
                text);
    }

    private static void assertContains(String part, Executable wrong) {
        String text = messageOf(wrong);
        assertTrue(text.contains(part), text);
    }
}
