package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** toCompletableFuture: who ends the view before the work has taken the place of its result; and one rule on all JDKs. */
class CompletableViewTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The ways to end a view from outside, and what the reason of the cancel then says. */
    enum EndedBy {
        COMPLETE(view -> view.complete("other"), "by hand"),
        COMPLETE_EXCEPTIONALLY(
                view -> view.completeExceptionally(new IOException("other")),
                "with java.io.IOException"),
        COMPLETE_ASYNC(view -> view.completeAsync(() -> "other"), "by hand"),
        OBTRUDE_VALUE(view -> view.obtrudeValue("other"), "by hand"),
        OBTRUDE_EXCEPTION(
                view -> view.obtrudeException(new IOException("other")),
                "with java.io.IOException"),
        OR_TIMEOUT(
                view -> view.orTimeout(1, TimeUnit.MILLISECONDS),
                "with java.util.concurrent.TimeoutException"),
        COMPLETE_ON_TIMEOUT(
                view -> view.completeOnTimeout("other", 1, TimeUnit.MILLISECONDS), "by hand");

        private final Consumer<CompletableFuture<String>> end;
        private final String how;

        EndedBy(Consumer<CompletableFuture<String>> end, String how) {
            this.end = end;
            this.how = how;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverEndsTheViewFirstCancelsTheWork(EndedBy by) {
        try (TaskScope scope = leaks.open("view")) {
            Gate gate = new Gate();
            Task<String> task =
                    scope.start(
                            "work",
                            () -> {
                                gate.pass();
                                return "value";
                            });
            gate.awaitReached();
            CompletableFuture<String> view = task.toCompletableFuture();

            by.end.accept(view);

            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
            assertEquals(
                    "its CompletableFuture was completed " + by.how,
                    ((TaskCancelledException) task.exception()).reason());
            Throwable end = view.handle((value, e) -> e).join();
            boolean fails =
                    by.how.startsWith("with"); // the view has what it was given, not the cancel
            assertEquals(fails, end != null, () -> "" + end);
            assertFalse(view.isCancelled());
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

    @ParameterizedTest
    @EnumSource
    void aShieldLeavesTheWorkAlone(EndedBy by) {
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            CompletableFuture<String> view = promise.shield().toCompletableFuture();
            by.end.accept(view);
            view.handle((value, e) -> e).join();
            assertTrue(promise.complete("value"));
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
    void aTimeoutThatComesLateDoesNothing() {
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            CompletableFuture<String> view =
                    promise.toCompletableFuture().orTimeout(1, TimeUnit.DAYS);
            promise.complete("value");
            assertEquals("value", view.join());
            assertFalse(view.completeExceptionally(new TimeoutException()));
            assertEquals("value", promise.result());
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
            cancelled.cancel(true);
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
            Task<Void> task =
                    scope.launch(
                            "slow",
                            () -> {
                                try {
                                    work.pass();
                                } finally {
                                    cleanUp.passUninterruptibly();
                                }
                            });
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

    @Test
    @Rule(16)
    void aCleanUpThatFailsAfterATimeoutOfTheViewIsReported() throws Exception {
        IOException cleanUpFailed = new IOException("clean-up");
        try (TaskScope scope = leaks.open("view")) {
            Gate gate = new Gate();
            Task<Void> task =
                    scope.launch(
                            "work",
                            () -> {
                                try {
                                    gate.pass();
                                } catch (InterruptedException e) {
                                    throw cleanUpFailed;
                                }
                            });
            gate.awaitReached();
            CompletableFuture<Void> view = task.toCompletableFuture();
            view.orTimeout(1, TimeUnit.MILLISECONDS);
            CompletionException thrown = assertThrows(CompletionException.class, view::join);
            assertInstanceOf(TimeoutException.class, thrown.getCause());
        }
        assertEquals(
                List.of(
                        new FailureReport(
                                FailureReport.Kind.UNREAD_FAILURE, "task", "work", cleanUpFailed)),
                leaks.takeReports());
    }

    @Test
    void aHandOnTheViewAndAnEndOfTheFutureLeaveOneTruth() {
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
                                        () -> view.complete("by hand"));
                        assertEquals(answers.get(1) ? "by hand" : "value", view.join());
                        assertNotSame(
                                answers.get(0), promise.joinOutcome() instanceof Outcome.Cancelled);
                    });
        }
    }

    // JDK 19 gave Future three methods, which ours inherits.
    @Test
    void whatNewerJdksAskOfAFuture() throws Exception {
        assumeTrue(Runtime.version().feature() >= 19);
        IOException broken = new IOException("broken");
        Future<String> value = Future.completed("value");
        Future<String> failed = Future.failed(broken);
        Future<String> cancelled = Future.cancelled("not needed");
        Promise<String> pending = Promise.create();
        assertEquals("RUNNING", ask(pending, "state").toString());
        assertEquals("SUCCESS", ask(value, "state").toString());
        assertEquals("FAILED", ask(failed, "state").toString());
        assertEquals("CANCELLED", ask(cancelled, "state").toString());
        assertEquals("value", ask(value, "resultNow"));
        assertSame(broken, ask(failed, "exceptionNow"));
        assertSame(broken, ask(failed.toCompletableFuture(), "exceptionNow"));
        for (Future<String> each : List.of(failed, cancelled, pending)) {
            assertThrows(IllegalStateException.class, () -> ask(each, "resultNow"));
        }
        for (Future<String> each : List.of(value, cancelled, pending)) {
            assertThrows(IllegalStateException.class, () -> ask(each, "exceptionNow"));
        }
        // Looking does not wait, so the flag is nothing to it.
        Thread.currentThread().interrupt();
        assertEquals("value", ask(value, "resultNow"));
        assertTrue(Thread.interrupted());
        pending.cancel();
    }

    private static Object ask(java.util.concurrent.Future<?> future, String method)
            throws Exception {
        try {
            // By reflection: the tests are compiled for JDK 17.
            return java.util.concurrent.Future.class.getMethod(method).invoke(future);
        } catch (InvocationTargetException e) {
            throw assertInstanceOf(Exception.class, e.getCause());
        }
    }
}
