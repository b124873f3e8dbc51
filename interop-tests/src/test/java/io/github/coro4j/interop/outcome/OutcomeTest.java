package io.github.coro4j.interop.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Rule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** An outcome is the end of a future as a value, here without a future. */
class OutcomeTest {
    private static final Outcome<String> BROKEN = new Outcome.Failure<>(new IOException("broken"));
    private static final Outcome<String> CANCELLED =
            new Outcome.Cancelled<>(new TaskCancelledException("fetch", "page left"));

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
    void failureWithACancellationException_staysAFailure() {
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
    void outcome_knowsItsKindOfEnd() {
        assertEquals(List.of(true, false, false), kinds(new Outcome.Success<>(null)));
        assertEquals(List.of(false, true, false), kinds(new Outcome.Failure<>(new Error())));
        Outcome<String> own = new Outcome.Failure<>(new CancellationException("of its own"));
        assertEquals(List.of(false, true, false), kinds(own));
        assertEquals(List.of(false, false, true), kinds(CANCELLED));
    }

    private static List<Boolean> kinds(Outcome<String> outcome) {
        return List.of(outcome.isSuccess(), outcome.isFailure(), outcome.isCancelled());
    }

    @Test
    void valueOr_returnsTheValueOrTheOther() {
        Outcome<String> success = new Outcome.Success<>("value");
        assertEquals("value", success.valueOrNull());
        assertEquals("value", success.valueOr("other"));
        for (Outcome<String> none : List.of(BROKEN, CANCELLED)) {
            assertNull(none.valueOrNull());
            assertEquals("other", none.valueOr("other"));
            assertNull(none.valueOr(null));
        }
    }

    @Test
    @Rule(3)
    void aNullValueIsAValue() {
        Outcome<String> success = new Outcome.Success<>(null);
        assertNull(success.valueOrNull());
        assertNull(success.valueOr("other"));
        assertEquals(new Outcome.Success<>("null"), success.map(String::valueOf));
        assertEquals(success, new Outcome.Success<>("value").map(value -> null));
        assertEquals("null", success.fold(String::valueOf, e -> "failed", e -> "cancelled"));
        assertNull(success.fold(value -> null, e -> "failed", e -> "cancelled"));
    }

    @Test
    void map_changesOnlyAValue() {
        Outcome<Integer> length = new Outcome.Success<>("value").map(String::length);
        assertEquals(new Outcome.Success<>(5), length);
        for (Outcome<String> none : List.of(BROKEN, CANCELLED)) {
            assertSame(none, none.map(value -> fail("called with " + value)));
        }
    }

    @Test
    void exceptionOfTheFunctionOfMap_isTheFailure() {
        Outcome<String> success = new Outcome.Success<>("value");
        for (Throwable thrown :
                List.of(
                        new IOException("checked"),
                        new IllegalStateException("unchecked"),
                        new AssertionError("error"),
                        new CancellationException("of its own"))) {
            Outcome<Object> end =
                    success.map(
                            value -> {
                                throw FutureKind.<RuntimeException>rethrow(thrown);
                            });
            assertSame(thrown, assertInstanceOf(Outcome.Failure.class, end).exception());
        }
    }

    @Test
    void interruptInTheFunctionOfMap_setsTheFlag() {
        Outcome<Object> end =
                new Outcome.Success<>("value")
                        .map(
                                value -> {
                                    throw new InterruptedException();
                                });
        assertTrue(Thread.interrupted());
        assertInstanceOf(InterruptedException.class, end.exceptionOrNull());
    }

    @Test
    void fold_callsTheFunctionForTheEnd() {
        assertEquals("value", folded(new Outcome.Success<>("value")));
        assertEquals("java.io.IOException: broken", folded(BROKEN));
        assertEquals("fetch was cancelled: page left", folded(CANCELLED));
    }

    private static String folded(Outcome<String> outcome) {
        return outcome.fold(value -> value, Throwable::toString, Throwable::getMessage);
    }

    @Test
    void fold_throwsTheExceptionOfItsFunction() {
        IllegalStateException thrown = new IllegalStateException("thrown");
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                BROKEN.fold(
                                        value -> value,
                                        failure -> {
                                            throw thrown;
                                        },
                                        cancelled -> "cancelled")));
    }

    @Test
    @Rule(3)
    void nullFunction_isNamedInTheError() {
        for (Outcome<String> outcome : List.of(new Outcome.Success<>("value"), BROKEN, CANCELLED)) {
            assertNamesNull("function", () -> outcome.map(null));
            assertNamesNull("success", () -> outcome.fold(null, e -> "", e -> ""));
            assertNamesNull("failure", () -> outcome.fold(value -> "", null, e -> ""));
            assertNamesNull("cancelled", () -> outcome.fold(value -> "", e -> "", null));
        }
    }

    private static void assertNamesNull(String parameter, Executable call) {
        String message = assertThrows(NullPointerException.class, call).getMessage();
        assertTrue(message.startsWith(parameter + " must not be null"), message);
    }

    @Test
    void cancellation_hasTheNameAndTheReason() throws Exception {
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
    void messageOfAReport_isOneLine() {
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
