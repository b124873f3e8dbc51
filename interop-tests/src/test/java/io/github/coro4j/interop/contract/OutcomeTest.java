package io.github.coro4j.interop.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskCancelledException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** An end as a value, without any future. */
class OutcomeTest {

    @Test
    void aSuccessHasItsValue() {
        Outcome<String> success = new Outcome.Success<>("value");
        assertEquals("value", success.valueOrThrow());
        assertNull(success.exceptionOrNull());
        assertNull(new Outcome.Success<String>(null).valueOrThrow());
        assertEquals(new Outcome.Success<>("value"), success);
        assertNotEquals(new Outcome.Success<>("other"), success);
    }

    @Test
    void aFailureThrowsAsJoinDoes() {
        IOException broken = new IOException("broken");
        Outcome<String> failure = new Outcome.Failure<>(broken);
        assertSame(broken, failure.exceptionOrNull());
        CompletionException thrown = assertThrows(CompletionException.class, failure::valueOrThrow);
        assertSame(CompletionException.class, thrown.getClass());
        assertSame(broken, thrown.getCause());
        assertEquals(new Outcome.Failure<String>(broken), failure);
    }

    @Test
    void aFailureThatIsACancellationStaysAFailure() {
        CancellationException own = new CancellationException("of its own");
        Outcome<String> failure = new Outcome.Failure<>(own);
        assertSame(own, assertThrows(CompletionException.class, failure::valueOrThrow).getCause());
        assertNotEquals(new Outcome.Cancelled<String>(own), failure);
    }

    @Test
    void aCancellationThrowsItself() {
        TaskCancelledException cancellation = new TaskCancelledException("fetch", "page left");
        Outcome<String> cancelled = new Outcome.Cancelled<>(cancellation);
        assertSame(cancellation, cancelled.exceptionOrNull());
        assertSame(
                cancellation, assertThrows(CancellationException.class, cancelled::valueOrThrow));
    }

    @Test
    void aCancellationSaysWhatWasCancelledAndWhy() throws Exception {
        TaskCancelledException because = new TaskCancelledException("fetch", "page left");
        assertEquals("fetch", because.name());
        assertEquals("page left", because.reason());
        assertEquals("fetch was cancelled: page left", because.getMessage());
        TaskCancelledException without = new TaskCancelledException("fetch", null);
        assertNull(without.reason());
        assertEquals("fetch was cancelled", without.getMessage());

        TaskCancelledException copy = copyOf(because);
        assertEquals("fetch", copy.name());
        assertEquals("page left", copy.reason());
        assertEquals(because.getMessage(), copy.getMessage());
    }

    @Test
    void aReportReadsAsALine() {
        for (FailureReport.Kind kind : FailureReport.Kind.values()) {
            String line =
                    new FailureReport(kind, "task", "fetch", new IOException("broken")).message();
            assertTrue(line.startsWith("task \"fetch\""), line);
            assertTrue(line.lines().count() == 1 && line.length() > "fetch".length(), line);
        }
    }

    private static TaskCancelledException copyOf(TaskCancelledException exception)
            throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exception);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (TaskCancelledException) in.readObject();
        }
    }
}
