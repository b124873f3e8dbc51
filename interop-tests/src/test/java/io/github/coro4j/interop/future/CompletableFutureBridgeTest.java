package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Race;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** toCompletableFuture: a view with the JDK's contract, whose cancellation flows back. */
class CompletableFutureBridgeTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void theViewEndsAsTheFutureDoes(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("bridge")) {
            ControlledFuture succeeds = kind.in(scope);
            ControlledFuture fails = kind.in(scope);
            ControlledFuture cancelled = kind.in(scope);
            IOException broken = new IOException("broken");
            CompletableFuture<Object> value = succeeds.future().toCompletableFuture();
            CompletableFuture<Object> failure = fails.future().toCompletableFuture();
            CompletableFuture<Object> cancellation = cancelled.future().toCompletableFuture();
            assertFalse(value.isDone());

            succeeds.succeed(null);
            fails.fail(broken);
            cancelled.future().cancel("not needed");

            assertEquals(succeeds.valueFor(null), value.get());
            ExecutionException thrown = assertThrows(ExecutionException.class, failure::get);
            assertSame(broken, thrown.getCause());
            assertSame(broken, failure.handle((any, exception) -> exception).get());
            assertThrows(CancellationException.class, cancellation::join);
            assertTrue(cancellation.isCancelled());
            assertSame(
                    cancelled.future().exception(),
                    cancellation.handle((any, exception) -> exception).get());

            assertEquals(succeeds.valueFor(null), succeeds.future().toCompletableFuture().get());
            assertThrows(ExecutionException.class, fails.future().toCompletableFuture()::get);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancellingTheViewCancelsTheFuture(FutureKind kind) {
        try (TaskScope scope = leaks.open("bridge")) {
            ControlledFuture subject = kind.in(scope);
            CompletableFuture<Object> view = subject.future().toCompletableFuture();

            assertTrue(view.cancel(true));

            assertTrue(view.isDone());
            assertTrue(view.isCancelled());
            assertInstanceOf(Outcome.Cancelled.class, subject.future().joinOutcome());
            subject.succeed("value"); // ends what a shield left alone
        }
    }

    @Test
    void aCancelledViewIsDoneAtOnceWhileTheWorkIsStillStopping() { // by the JDK's contract
        try (TaskScope scope = leaks.open("bridge")) {
            Gate work = new Gate();
            Gate cleanUp = new Gate();
            Task<Void> task =
                    scope.launch(
                            "slow-to-stop",
                            () -> {
                                try {
                                    work.pass();
                                } finally {
                                    cleanUp.passUninterruptibly();
                                }
                            });
            work.awaitReached();
            CompletableFuture<Void> view = task.toCompletableFuture();

            assertTrue(view.cancel(true));
            boolean viewDone = view.isDone();
            cleanUp.awaitReached();
            boolean taskDone = task.isDone();
            boolean asked = task.isCancelling();
            cleanUp.open();

            assertTrue(viewDone);
            assertFalse(taskDone);
            assertTrue(asked);
            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        }
    }

    @Test
    void cancellingAViewThatIsDoneDoesNothing() { // the JDK's contract of cancel
        try (TaskScope scope = leaks.open("bridge")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            CompletableFuture<String> view = promise.toCompletableFuture();
            promise.complete("value");
            view.join();

            assertFalse(view.cancel(true));

            assertFalse(view.isCancelled());
            assertEquals("value", promise.result());
        }
    }

    @Test
    void dependentsOfTheViewRunOnTheCallbackExecutor() throws Exception {
        try (OneThreadExecutor callbacks = new OneThreadExecutor("callbacks");
                TaskScope scope =
                        leaks.opened(
                                TaskScope.builder()
                                        .name("bridge")
                                        .callbackExecutor(callbacks)
                                        .open())) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            AtomicReference<Thread> thread = new AtomicReference<>();
            CompletableFuture<Void> dependent =
                    promise.toCompletableFuture()
                            .thenAccept(value -> thread.set(Thread.currentThread()));
            promise.complete("value");
            dependent.get();
            assertSame(callbacks.thread(), thread.get());
        }
    }

    @Test
    void anUncheckedFailureInADependentStaysInTheDependent() throws Exception {
        try (TaskScope scope = leaks.open("bridge")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            CompletableFuture<String> view = promise.toCompletableFuture();
            CompletableFuture<String> dependent =
                    view.thenApply(
                            value -> {
                                throw new IllegalStateException("of the dependent");
                            });
            promise.complete("value");
            assertThrows(ExecutionException.class, dependent::get);
            assertEquals("value", view.get());
        }
        assertEquals(List.of(), leaks.takeReports(), "the library did not throw it away");
    }

    @Test
    void aCancelOfTheViewAndAnEndOfTheFutureLeaveOneTruth() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        CompletableFuture<String> view = promise.toCompletableFuture();
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> promise.complete("value"),
                                        () -> view.cancel(true));
                        assertEquals(answers.get(0), !promise.isCancelled());
                        assertEquals(answers.get(1), view.handle((any, e) -> e != null).join());
                        if (!answers.get(0)) {
                            assertTrue(answers.get(1), "cancelled, and nobody said so");
                        }
                    });
        }
    }

    @Test
    void aRoundTripGivesANewFutureThatIsTiedToTheOld() {
        try (TaskScope scope = leaks.open("bridge")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Future<String> back = Future.from(promise.toCompletableFuture());
            assertNotSame(promise, back);
            promise.complete("value");
            assertEquals("value", back.join());

            Promise<String> cancelled = FutureKind.promiseIn(scope);
            Future<String> cancelling = Future.from(cancelled.toCompletableFuture());
            assertTrue(cancelling.cancel("not needed"));
            assertInstanceOf(Outcome.Cancelled.class, cancelled.joinOutcome());
        }
    }
}
