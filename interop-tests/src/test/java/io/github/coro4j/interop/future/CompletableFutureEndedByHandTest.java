package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A {@code CompletableFuture} that its user completes before the work has ended. */
class CompletableFutureEndedByHandTest {
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
    void aViewThatIsEndedByHandAgreesWithItsFuture() {
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

    /** Several threads end the view, and every reader sees the same end. */
    @Test
    void theEndNeverChanges() {
        Race.rounds(
                3_000,
                (race, random) -> {
                    Promise<String> source = Promise.create();
                    CompletableFuture<String> raced = source.toCompletableFuture();
                    raced.thenAccept(value -> {});
                    java.util.List<Object> seen =
                            race.run(
                                    random,
                                    () -> source.complete("source"),
                                    () -> raced.complete("hand"),
                                    raced::join,
                                    () -> {
                                        while (!raced.isDone()) {
                                            Thread.onSpinWait();
                                        }
                                        return raced.getNow("absent");
                                    });
                    Object expected = Boolean.TRUE.equals(seen.get(1)) ? "hand" : "source";
                    assertEquals(expected, seen.get(2));
                    assertEquals(expected, seen.get(3));
                    assertEquals(expected, raced.join());
                });
    }
}
