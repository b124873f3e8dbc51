package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R1, R2, R3: every kind of future is pending, perhaps cancelling, then has one end that never changes. */
class StatesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(1)
    void readOfAPendingFuture_throwsAndSaysHowToWait(FutureKind kind) {
        try (TaskScope scope = leaks.open("states")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();

            assertStates(future, false, false, false);
            for (Executable read :
                    List.<Executable>of(future::outcome, future::result, future::exception)) {
                String message = assertThrows(IllegalStateException.class, read).getMessage();
                assertTrue(message.contains("pending"), message);
                assertTrue(
                        message.contains("join"),
                        "the message does not say what to do: " + message);
            }
            assertStates(future, false, false, false);

            subject.succeed("value");
            future.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(1)
    void success_isTheSameForEveryReader(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("states")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();
            Object value = subject.valueFor("value");

            subject.succeed("value");

            assertEquals(value, future.join());
            assertStates(future, true, false, false);
            assertEquals(value, future.join(Duration.ZERO));
            assertEquals(value, future.get());
            assertEquals(value, future.get(0, TimeUnit.SECONDS));
            assertEquals(value, future.result());
            assertNull(future.exception());
            assertEquals(new Outcome.Success<>(value), future.outcome());
            assertEquals(new Outcome.Success<>(value), future.joinOutcome());
            assertEquals(new Outcome.Success<>(value), future.cancelAndJoin("late"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(3)
    void aNullResultIsAResult(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("states")) {
            ControlledFuture subject = kind.in(scope);
            Object value = subject.valueFor(null);

            subject.succeed(null);

            assertEquals(value, subject.future().join());
            assertEquals(value, subject.future().get());
            assertEquals(value, subject.future().result());
            assertEquals(new Outcome.Success<>(value), subject.future().outcome());
            assertNull(subject.future().exception());
        }
    }

    @ParameterizedTest
    @EnumSource
    void failure_isThrownOrReturnedByEachReader(FutureKind kind) {
        try (TaskScope scope = leaks.open("states")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();
            IOException failure = new IOException("broken");

            subject.fail(failure);

            assertSame(failure, causeOf(CompletionException.class, future::join));
            assertStates(future, true, false, false);
            assertSame(failure, causeOf(ExecutionException.class, future::get));
            assertSame(failure, causeOf(CompletionException.class, future::result));
            assertSame(failure, future.exception());
            assertEquals(new Outcome.Failure<>(failure), future.outcome());
            assertEquals(new Outcome.Failure<>(failure), future.joinOutcome());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(4)
    void aCancellationIsOneObjectForEveryReader(FutureKind kind) {
        try (TaskScope scope = leaks.open("states")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();

            assertTrue(future.cancel("the page was left"));

            Outcome<Object> outcome = future.joinOutcome();
            CancellationException cancellation =
                    assertInstanceOf(Outcome.Cancelled.class, outcome).cancellation();
            assertStates(future, true, true, false);
            assertSame(cancellation, future.exception());
            assertSame(cancellation, future.exception());
            assertSame(cancellation, future.outcome().exceptionOrNull());
            for (Executable read :
                    List.<Executable>of(
                            future::join,
                            future::get,
                            future::result,
                            () -> future.join(Duration.ZERO),
                            () -> future.get(0, TimeUnit.SECONDS))) {
                assertSame(cancellation, assertThrows(CancellationException.class, read));
            }
            TaskCancelledException detail =
                    assertInstanceOf(TaskCancelledException.class, cancellation);
            assertEquals("the page was left", detail.reason());
            assertTrue(detail.getMessage().contains("the page was left"), detail.getMessage());
            assertTrue(detail.getMessage().contains(detail.name()), detail.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(1)
    void theEndNeverChanges(FutureKind kind) throws Exception {
        for (End end : End.values()) {
            try (TaskScope scope = leaks.open("states")) {
                ControlledFuture subject = kind.in(scope);
                Future<Object> future = subject.future();
                end.bring(subject);
                Outcome<Object> outcome = future.joinOutcome();
                assertInstanceOf(end.outcome(), outcome);

                subject.succeed("another");
                subject.fail(new IOException("another"));

                assertFalse(future.cancel());
                assertFalse(future.cancel("late"));
                assertFalse(future.cancel(true));
                assertFalse(future.cancel(false));
                assertEquals(outcome, future.cancelAndJoin("late"));
                assertEquals(outcome, future.outcome());
                assertSame(outcome.exceptionOrNull(), future.exception());
                assertStates(future, true, end == End.CANCELLED, false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void futuresAreEqualOnlyToThemselves(FutureKind kind) {
        try (TaskScope scope = leaks.open("states")) {
            ControlledFuture one = kind.in(scope);
            ControlledFuture two = kind.in(scope);
            Set<Object> set = new HashSet<>(List.of(one.future(), two.future()));
            int hash = one.future().hashCode();

            one.succeed("value");
            two.succeed("value");
            assertEquals(one.future().join(), two.future().join());

            assertNotEquals(one.future(), two.future());
            assertEquals(one.future(), one.future());
            assertEquals(hash, one.future().hashCode());
            assertTrue(set.contains(one.future()));
            assertTrue(set.contains(two.future()));
        }
    }

    @Test
    @Rule(2)
    void doneMeansThatTheFinallyBlocksHaveEnded() {
        try (TaskScope scope = leaks.open("states")) {
            Gate work = new Gate();
            Gate cleanUp = new Gate();
            Task<String> task = scope.start("slow-cleaner", new SlowCleanUp(work, cleanUp));
            work.awaitReached();

            assertTrue(task.cancel("enough"));
            cleanUp.awaitReached();
            assertStates(task, false, false, true);
            assertThrows(IllegalStateException.class, task::outcome);
            assertTrue(task.cancel("again"), "not done yet, so the answer is true");

            cleanUp.open();
            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
            assertStates(task, true, true, false);
        }
    }

    @Test
    void futuresThatNeedNoBodyAreDone() throws Exception {
        IOException broken = new IOException("broken");
        CancellationException own = new CancellationException("a failure too");

        Future<String> completed = Future.completed("value");
        Future<String> failed = Future.failed(broken);
        Future<String> failedWithCancellation = Future.failed(own);
        Future<String> cancelled = Future.cancelled("not needed");

        assertStates(completed, true, false, false);
        assertEquals("value", completed.get());
        assertNull(Future.<String>completed(null).join());
        assertStates(failed, true, false, false);
        assertSame(broken, failed.exception());
        assertStates(failedWithCancellation, true, false, false);
        assertEquals(new Outcome.Failure<>(own), failedWithCancellation.outcome());
        assertStates(cancelled, true, true, false);
        CancellationException thrown = assertThrows(CancellationException.class, cancelled::join);
        assertEquals("not needed", assertInstanceOf(TaskCancelledException.class, thrown).reason());
        assertFalse(completed.cancel());
        assertFalse(failed.cancel());
        assertFalse(cancelled.cancel());
    }

    private static Throwable causeOf(Class<? extends Exception> wrapper, Executable read) {
        Exception thrown = assertThrows(wrapper, read);
        assertSame(wrapper, thrown.getClass(), "the JDK's own class, and not a subclass");
        return thrown.getCause();
    }

    private static void assertStates(
            Future<?> future, boolean done, boolean cancelled, boolean cancelling) {
        assertEquals(done, future.isDone(), "isDone of " + future);
        assertEquals(cancelled, future.isCancelled(), "isCancelled of " + future);
        assertEquals(cancelling, future.isCancelling(), "isCancelling of " + future);
    }
}
