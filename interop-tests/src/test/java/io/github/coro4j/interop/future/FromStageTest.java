package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Future.from: the future ends as the stage does, and a cancel of the future cancels the stage. */
class FromStageTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void aValueArrives() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Future<String> future = Future.from(stage);
        assertFalse(future.isDone());
        stage.complete("value");
        assertEquals("value", future.join());
        assertNull(Future.from(CompletableFuture.<String>completedFuture(null)).join());
        assertEquals(
                "value", Future.<Object>from(CompletableFuture.completedStage("value")).join());
    }

    @Test
    @Rule(15)
    void completionException_isUnwrappedOnce() {
        IOException broken = new IOException("broken");
        CompletionException wrapper = new CompletionException(broken);

        assertSame(broken, endOf(CompletableFuture.failedFuture(broken)));
        assertSame(broken, endOf(CompletableFuture.failedFuture(wrapper)));
        assertSame(
                wrapper, endOf(CompletableFuture.failedFuture(new CompletionException(wrapper))));
        assertSame(
                broken,
                endOf(CompletableFuture.failedFuture(broken).thenApply(value -> value)),
                "the wrapper that a dependent stage adds");
        CompletionException bare = new CompletionException("no cause", null);
        assertSame(bare, endOf(CompletableFuture.failedFuture(bare)));
    }

    @Test
    void aCancelledStageGivesACancelledFuture() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Future<String> future = Future.from(stage);
        Future<String> ofDependent = Future.from(stage.thenApply(value -> value));
        stage.cancel(true);

        assertInstanceOf(Outcome.Cancelled.class, future.joinOutcome());
        assertTrue(future.isCancelled());
        assertInstanceOf(Outcome.Cancelled.class, ofDependent.joinOutcome());
    }

    @Test
    @Rule(4)
    void cancellationOfThisLibrary_passesThroughAStageUnchanged() {
        Future<String> cancelled = Future.cancelled("not needed");
        CompletableFuture<String> view = cancelled.toCompletableFuture();
        assertSame(cancelled.exception(), endOf(view));
        assertSame(cancelled.exception(), endOf(view.thenApply(value -> value)));
        assertSame(cancelled.exception(), endOf(view.minimalCompletionStage()));

        CancellationException theirs = new CancellationException("theirs");
        Throwable end = endOf(CompletableFuture.failedFuture(theirs));
        assertEquals("theirs", assertInstanceOf(TaskCancelledException.class, end).reason());
        assertSame(theirs, end.getCause());
    }

    @Test
    void cancellingTheFutureCancelsTheStage() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Future<String> future = Future.from(stage);

        assertTrue(future.cancel("not needed"));

        assertTrue(future.isDone());
        assertTrue(future.isCancelled());
        assertThrows(CancellationException.class, stage::join);
        assertEquals(
                "not needed",
                assertInstanceOf(TaskCancelledException.class, future.exception()).reason());
    }

    // A dependent of the stage is user code. It may wait for a future that the canceller still has
    // to end.
    @Test
    @Rule(11)
    void dependentOfTheStage_doesNotRunOnTheCancellersStack() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        try (TaskScope scope = leaks.open("stage")) {
            Trail trail = new Trail();
            scope.launch(
                            "canceller",
                            () -> {
                                Future<String> derived = Future.from(stage).map(value -> value);
                                stage.whenComplete(
                                        (value, exception) ->
                                                trail.add(derived.joinOutcome().getClass()));
                                derived.cancel("not needed");
                            })
                    .join();
            scope.join();
            trail.assertSteps(Outcome.Cancelled.class);
        }
    }

    @Test
    void stageThatCannotBeCancelled_doesNotPreventACancel() {
        CompletableFuture<String> source = new CompletableFuture<>();
        Future<String> minimal = Future.from(source.minimalCompletionStage());
        Future<String> closed = Future.from(withoutToCompletableFuture(source));

        assertTrue(minimal.cancel("not needed"));
        assertTrue(closed.cancel("not needed"));

        assertTrue(minimal.isCancelled());
        assertTrue(closed.isCancelled());
        assertFalse(source.isDone());
        source.complete("value");
        assertTrue(closed.isCancelled(), "the end never changes");
    }

    @Test
    void aLateCancelDoesNotAlterTheStage() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Future<String> future = Future.from(stage);
        stage.complete("value");
        future.join();

        assertFalse(future.cancel("late"));

        assertEquals("value", stage.join());
        assertEquals("value", future.result());
    }

    @Test
    @Rule(11)
    void callbacksDoNotRunOnTheStackOfTheStagesCompleter() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        AtomicReference<Thread> thread = new AtomicReference<>();
        Gate ran = new Gate();
        Future.from(stage)
                .addDoneCallback(
                        each -> {
                            thread.set(Thread.currentThread());
                            ran.open();
                        },
                        Runnable::run);
        stage.complete("value");
        ran.passUninterruptibly();
        assertNotSame(Thread.currentThread(), thread.get());
    }

    private static Throwable endOf(CompletionStage<?> stage) {
        return Future.from(stage).joinOutcome().exceptionOrNull();
    }

    @SuppressWarnings("unchecked")
    private static CompletionStage<String> withoutToCompletableFuture(
            CompletableFuture<String> to) {
        return (CompletionStage<String>)
                Proxy.newProxyInstance(
                        FromStageTest.class.getClassLoader(),
                        new Class<?>[] {CompletionStage.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("toCompletableFuture")) {
                                throw new UnsupportedOperationException("a closed stage");
                            }
                            try {
                                return method.invoke(to, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }
}
