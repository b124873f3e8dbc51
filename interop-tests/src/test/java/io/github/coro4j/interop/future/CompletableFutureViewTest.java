package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.JdkView;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.View;
import io.github.coro4j.interop.testing.ViewContract;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The view that {@code toCompletableFuture} returns, with the contract of the JDK. */
class CompletableFutureViewTest extends ViewContract {
    @Override
    protected <T> View<T> view(Future<T> future) {
        CompletableFuture<T> view = future.toCompletableFuture();
        return new JdkView<>(view) {
            @Override
            public void onEnd(Runnable listener) {
                view.whenComplete((value, exception) -> listener.run());
            }

            @Override
            public Future<T> toFuture() {
                return Future.from(view);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    @Rule(15)
    void dependentsGetTheVeryException(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("view")) {
            ControlledFuture fails = kind.in(scope);
            ControlledFuture cancelled = kind.in(scope);
            IOException broken = new IOException("broken");
            CompletableFuture<Object> failure = fails.future().toCompletableFuture();
            CompletableFuture<Object> cancellation = cancelled.future().toCompletableFuture();

            fails.fail(broken);
            cancelled.future().cancel("not needed");

            assertSame(broken, failure.handle((any, exception) -> exception).get());
            Throwable seen = cancellation.handle((any, exception) -> exception).get();
            assertSame(cancelled.future().exception(), seen);
            assertTrue(cancellation.isCancelled());
            assertThrows(ExecutionException.class, fails.future().toCompletableFuture()::get);
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
        assertEquals(List.of(), leaks.takeReports(), "the failure belongs to the dependent");
    }

    @Test
    void cancelAnswersTrueExactlyIfTheViewIsCancelled() {
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
                            assertTrue(
                                    answers.get(1),
                                    "the future did not complete, so the cancel must return true");
                        }
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Rule(5)
    void aCancelOfTheViewInterruptsWhateverItIsGiven(boolean mayInterrupt) {
        try (TaskScope scope = leaks.open("view")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("work", gate::pass);
            gate.awaitReached();
            assertTrue(task.toCompletableFuture().cancel(mayInterrupt));
            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        }
    }

    @Test
    void whatIsMadeFromTheViewDoesNotReachIt() { // by the JDK's contract
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            CompletableFuture<String> view = promise.toCompletableFuture();
            assertTrue(view.copy().cancel(true));
            assertTrue(view.thenApply(value -> value).cancel(true));
            assertTrue(view.minimalCompletionStage().toCompletableFuture().cancel(true));
            assertFalse(view.isDone());
            assertTrue(promise.complete("value"));
        }
    }

    @Test
    void theViewOfADoneFutureIsDone() throws Exception {
        IOException broken = new IOException("broken");
        assertEquals("x", Future.completed("x").toCompletableFuture().getNow("absent"));
        assertNull(Future.completed(null).toCompletableFuture().getNow("absent"));
        assertTrue(Future.failed(broken).toCompletableFuture().isCompletedExceptionally());
        assertTrue(Future.cancelled("no").toCompletableFuture().isCancelled());
        try (TaskScope scope = leaks.open("view")) {
            Task<String> task =
                    scope.start(
                            "failed",
                            () -> {
                                throw broken;
                            });
            ControlledFuture.awaitDone(task);
            CompletableFuture<String> view = task.toCompletableFuture();
            assertSame(broken, assertThrows(ExecutionException.class, view::get).getCause());
        } // and that counts as read
    }

    // From JDK 23 on, CompletableFuture throws a copy that hides the message.
    @Test
    @Rule(4)
    void everyWayToReadTheViewTellsTheReason() {
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            CompletableFuture<String> ended = promise.toCompletableFuture();
            promise.cancel("not needed");
            assertTellsTheVery(promise.exception(), ended);

            Promise<String> other = FutureKind.promiseIn(scope);
            CompletableFuture<String> cancelled = other.toCompletableFuture();
            assertTrue(cancelled.cancel(true));
            assertTrue(cancelled.isCancelled());
            assertTellsTheVery(other.exception(), cancelled);
            assertTrue(other.exception().getMessage().contains("CompletableFuture was cancelled"));
        }
    }

    private static void assertTellsTheVery(Throwable end, CompletableFuture<String> view) {
        for (Executable read :
                List.<Executable>of(
                        view::get,
                        () -> view.get(1, TimeUnit.DAYS),
                        view::join,
                        () -> view.getNow("absent"))) {
            assertSame(end, assertThrows(CancellationException.class, read));
        }
        assertSame(end, view.handle((value, e) -> e).join());
        // One wrapper below it, on every JDK, as below any failure.
        assertSame(
                end,
                assertThrows(CompletionException.class, view.thenApply(v -> v)::join).getCause());
    }

    @Test
    @Rule(4)
    void aViewOfWhatIsBeingCancelledTellsTheFirstReason() {
        try (TaskScope scope = leaks.open("view")) {
            Gate work = new Gate();
            Gate cleanUp = new Gate();
            Task<Void> task = scope.launch("slow", new SlowCleanUp(work, cleanUp));
            work.awaitReached();
            CompletableFuture<Void> view = task.toCompletableFuture();
            task.cancel("first");
            cleanUp.awaitReached();
            assertTrue(view.cancel(true));
            TaskCancelledException seen = assertThrows(TaskCancelledException.class, view::join);
            assertEquals("first", seen.reason());
            cleanUp.open();
            assertSame(seen, task.joinOutcome().exceptionOrNull());
        }
    }
}
