package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R1, R7: the exception of a body decides between cancelled and failed, with and without a cancel. */
class CleanUpTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static List<Throwable> otherThings() {
        return List.of(
                new IOException("disk full"),
                new IllegalStateException("twice"),
                new AssertionError("an Error too"),
                new RuntimeException(new SocketTimeoutException("slow")));
    }

    @ParameterizedTest
    @MethodSource("otherThings")
    @Rule(7)
    void cleanUpThatThrows_failsTheTaskWithTheCancellationSuppressed(Throwable thrown) {
        try (TaskScope scope = leaks.open("clean-up")) {
            Task<Void> task = stoppedWith(scope, thrown);

            Outcome<Void> outcome = task.joinOutcome();

            assertSame(thrown, assertInstanceOf(Outcome.Failure.class, outcome).exception());
            assertFalse(task.isCancelled());
            assertEquals(
                    1, thrown.getSuppressed().length, List.of(thrown.getSuppressed()).toString());
            TaskCancelledException cancellation =
                    assertInstanceOf(TaskCancelledException.class, thrown.getSuppressed()[0]);
            assertEquals("cleaner", cancellation.name());
            assertEquals("enough", cancellation.reason());
        }
    }

    @Test
    @Rule(7)
    void exceptionWithoutSuppression_stillFailsTheTask() {
        Throwable closed = new ClosedToSuppressed();
        try (TaskScope scope = leaks.open("clean-up")) {
            assertSame(closed, stoppedWith(scope, closed).joinOutcome().exceptionOrNull());
        }
    }

    static List<Throwable> waysToStop() {
        return List.of(
                new InterruptedException("as thrown by whatever blocked"),
                new CancellationException("of the body's own"));
    }

    static List<Throwable> disguises() {
        InterruptedException interrupted =
                new InterruptedException("as thrown by whatever blocked");
        Throwable deep = interrupted;
        for (int level = 0; level < 20; level++) {
            deep = new IllegalStateException("level " + level, deep);
        }
        return List.of(
                new RuntimeException(interrupted),
                new UncheckedIOException(new InterruptedIOException()),
                new UncheckedIOException(new ClosedByInterruptException()),
                new CompletionException(new CancellationException()),
                new ExecutionException(interrupted),
                new AssertionError(interrupted),
                deep);
    }

    @ParameterizedTest
    @MethodSource({"waysToStop", "disguises"})
    @Rule({4, 7})
    void bodyThatStopsAfterACancel_isCancelledWithTheReasonOfTheRequest(Throwable thrown) {
        try (TaskScope scope = leaks.open("clean-up")) {
            Outcome<Void> outcome = stoppedWith(scope, thrown).joinOutcome();

            TaskCancelledException cancellation =
                    assertInstanceOf(
                            TaskCancelledException.class,
                            assertInstanceOf(Outcome.Cancelled.class, outcome).cancellation());
            assertEquals("enough", cancellation.reason());
        }
    }

    @ParameterizedTest
    @MethodSource({"waysToStop", "disguises"})
    @Rule({1, 7})
    void unrequestedCancellation_isAFailureWithTheSameException(Throwable thrown) {
        try (TaskScope scope = leaks.open("clean-up")) {
            Task<Void> task =
                    scope.start(
                            "impatient",
                            () -> {
                                throw FutureKind.<RuntimeException>rethrow(thrown);
                            });

            Outcome<Void> outcome = task.joinOutcome();

            assertSame(thrown, assertInstanceOf(Outcome.Failure.class, outcome).exception());
            assertSame(thrown, task.exception());
            assertFalse(task.isCancelled());
            assertEquals(0, thrown.getSuppressed().length);
        }
    }

    @Test
    @Rule({7, 9})
    void waitEndedByACancel_cancelsTheTask() {
        try (TaskScope scope = leaks.open("clean-up")) {
            Promise<String> never = Promise.create();
            Gate begun = new Gate();
            Callable<String> body =
                    () -> {
                        begun.open();
                        return never.join();
                    };
            Task<String> task = scope.start("waiter", body);
            begun.passUninterruptibly();

            Outcome<String> outcome = task.cancelAndJoin("enough");

            assertTrue(
                    outcome.exceptionOrNull().getMessage().contains("enough"), outcome.toString());
            assertInstanceOf(
                    TaskCancelledException.class,
                    assertInstanceOf(Outcome.Cancelled.class, outcome).cancellation());
        }
    }

    @Test
    @Rule(1)
    void waitInterruptedExceptionOfAnotherThread_isAFailure() { // this task was not cancelled
        try (TaskScope scope = leaks.open("clean-up")) {
            WaitInterruptedException foreign =
                    new WaitInterruptedException("another wait", "elsewhere");
            Task<Void> task =
                    scope.start(
                            "messenger",
                            () -> {
                                throw foreign;
                            });

            assertSame(
                    foreign,
                    assertInstanceOf(Outcome.Failure.class, task.joinOutcome()).exception());
        }
    }

    @Test
    void cancelAndJoinReturnsTheFailureOfTheCleanUp() {
        IOException thrown = new IOException("disk full");
        try (TaskScope scope = leaks.open("clean-up")) {
            Gate work = new Gate();
            Task<Void> task = cleaner(scope, work, thrown);

            Outcome<Void> outcome = task.cancelAndJoin("enough");

            assertSame(thrown, assertInstanceOf(Outcome.Failure.class, outcome).exception());
        }
    }

    private static Task<Void> stoppedWith(TaskScope scope, Throwable thrown) {
        Task<Void> task = cleaner(scope, new Gate(), thrown);
        task.cancel("enough");
        return task;
    }

    private static Task<Void> cleaner(TaskScope scope, Gate work, Throwable thrown) {
        Task<Void> task =
                scope.start(
                        "cleaner",
                        () -> {
                            try {
                                work.pass();
                            } catch (InterruptedException e) {
                                throw FutureKind.<RuntimeException>rethrow(thrown);
                            }
                            return null;
                        });
        work.awaitReached();
        return task;
    }

    private static final class ClosedToSuppressed extends Exception {
        private static final long serialVersionUID = 1L;

        ClosedToSuppressed() {
            super("closed", null, false, true);
        }
    }
}
