package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A CompletableFuture is done once its future is, even if the callback executor is busy, perhaps with a reader. */
@Timeout(60)
class CompletableFutureDoneTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ExecutorService callbacks = Executors.newSingleThreadExecutor();
    private final Gate busy = new Gate();
    private final Trail trail = new Trail();
    private final IOException broken = new IOException("broken");
    private TaskScope scope;
    private Promise<String> promise;
    private CompletableFuture<String> view;

    @BeforeEach
    void makeView() {
        scope =
                leaks.opened(
                        TaskScope.builder()
                                .callbackExecutor(callbacks)
                                .failureListener(leaks.listener())
                                .open());
        promise = scope.<Promise<String>>start(Promise::create).join();
        view = promise.toCompletableFuture();
        callbacks.execute(busy::passUninterruptibly);
        busy.awaitReached();
    }

    @AfterEach
    void close() {
        busy.open();
        scope.close();
        callbacks.shutdown();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void value_isVisibleAtOnce(boolean hasDependents) throws Exception {
        if (hasDependents) {
            view.thenAccept(trail::add);
        }
        promise.complete("value");
        assertTrue(view.isDone());
        assertFalse(view.isCancelled());
        assertFalse(view.isCompletedExceptionally());
        assertEquals("value", view.getNow("absent"));
        assertEquals("value", view.get());
        assertEquals("value", view.get(2, TimeUnit.SECONDS));
        assertEquals("value", view.join());
        assertTrue(view.toString().contains("Completed normally"), view::toString);
        assertFalse(view.complete("by hand"));
        assertFalse(view.completeExceptionally(broken));
        assertFalse(view.cancel(true));
        trail.assertSteps();
        busy.open();
        if (hasDependents) {
            trail.await("value");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failure_isVisibleAtOnceAndIsReadOnce(boolean hasDependents) {
        CompletableFuture<Void> dependent = hasDependents ? view.handle((value, e) -> null) : null;
        promise.fail(broken);
        assertTrue(view.isDone());
        assertTrue(view.isCompletedExceptionally());
        assertFalse(view.isCancelled());
        assertSame(broken, assertThrows(ExecutionException.class, view::get).getCause());
        assertSame(broken, assertThrows(CompletionException.class, view::join).getCause());
        assertSame(
                broken,
                assertThrows(CompletionException.class, () -> view.getNow("absent")).getCause());
        busy.open();
        if (dependent != null) {
            dependent.join();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancellation_isVisibleAtOnceWithItsReason(boolean hasDependents) {
        if (hasDependents) {
            view.thenAccept(trail::add);
        }
        promise.cancel("not wanted");
        assertTrue(view.isDone());
        assertTrue(view.isCancelled());
        assertTrue(view.isCompletedExceptionally());
        assertSame(promise.exception(), assertThrows(CancellationException.class, view::get));
        assertSame(promise.exception(), assertThrows(CancellationException.class, view::join));
    }

    @Test
    void waitingThread_wakesWhenTheFutureOrTheViewIsCompleted() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        CompletableFuture<String> other = promise.shield().toCompletableFuture();
        for (CompletableFuture<String> each : java.util.List.of(view, other)) {
            Thread reader =
                    new Thread(
                            () -> {
                                trail.add(each.join());
                                both.countDown();
                            });
            reader.start();
            while (reader.getState() != Thread.State.WAITING) {
                Thread.yield();
            }
        }
        other.complete("by hand");
        promise.complete("value");
        both.await();
        assertEquals(2, trail.steps().size());
        assertTrue(trail.steps().containsAll(java.util.List.of("by hand", "value")));
    }

    @Test
    @Rule(25)
    void taskThatWaitsForItsOwnView_failsWithDeadlock() {
        Task<Object> task =
                scope.start(
                        () -> {
                            @SuppressWarnings("unchecked")
                            Task<Object> me = (Task<Object>) Task.current();
                            return me.toCompletableFuture().get();
                        });
        busy.open();
        assertTrue(task.joinOutcome().exceptionOrNull() instanceof DeadlockException);
    }
}
