package io.github.coro4j.android;

import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Converts the {@link ListenableFuture} of androidx to and from {@link Future}, without Guava. It needs only the
 * interface, which is in {@code com.google.guava:listenablefuture:1.0}; WorkManager brings it along. With all of Guava,
 * this class works too.
 *
 * <p>In both directions, a failure keeps its exception object, and a cancel on either side reaches the other. The reason of a
 * cancel does not, because a {@code ListenableFuture} has no place for it.
 */
public final class ListenableFutures {
    private ListenableFutures() {}

    /**
     * Returns a view for code that needs a {@link ListenableFuture}. The view is done as soon as the future is.
     *
     * <pre>{@code
     * @Override public ListenableFuture<Result> startWork() {
     *   return ListenableFutures.of(scope.start("sync", () -> sync()));
     * }
     * }</pre>
     *
     * <p><b>Threads.</b> The callback executor of the future's scope passes each listener to the listener's executor. If the
     * view is done or is cancelled, the thread that adds the listener or cancels does so. If that executor throws, this
     * class logs the exception.
     *
     * <p><b>Cancel.</b> Cancelling the view cancels the future and interrupts its body, also with {@code cancel(false)},
     * which is what WorkManager calls. The view is then done at once, while the body may still clean up.
     *
     * <p><b>Failure.</b> The view reads a failure once it ends with that failure. A view that was cancelled first reads none.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @return a new view
     */
    public static <T extends @Nullable Object> ListenableFuture<T> of(Future<T> future) {
        Arguments.notNull(
                future, "future", "give Future.completed(null) for a result that is null");
        return new ListenableView<>(future);
    }

    /**
     * Returns a future that ends as the given one does.
     *
     * <p><b>Threads.</b> Callbacks of the new future run on the callback executor of the
     * {@linkplain io.github.coro4j.Task#current() current scope}.
     *
     * <p><b>Cancel.</b> Cancelling the new future ends it at once, and calls {@code cancel(true)} of the given future on
     * that callback executor. If the given future is cancelled, the new one is cancelled too. Like a promise, the new
     * future belongs to no scope that ends it.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @return a new future
     */
    public static <T extends @Nullable Object> Future<T> from(
            ListenableFuture<? extends T> future) {
        Arguments.notNull(future, "future", "Future.completed(null) is a future of null");
        Promise<T> promise = Promise.create();
        promise.addDoneCallback(
                done -> {
                    if (done.isCancelled()) {
                        future.cancel(true);
                    }
                });
        future.addListener(() -> end(promise, future), Runnable::run);
        return promise;
    }

    private static <T extends @Nullable Object> void end(
            Promise<T> promise, ListenableFuture<? extends T> done) {
        try {
            promise.complete(valueOf(done));
        } catch (CancellationException e) {
            promise.cancel("the ListenableFuture was cancelled");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            promise.fail(cause == null ? e : cause);
        } catch (Throwable e) {
            // The future breaks the contract of get(). Nothing else would ever end the promise.
            promise.fail(e);
        }
    }

    /** Returns the value of a future that is done. An interrupt of this thread does not matter, and stays set. */
    private static <T extends @Nullable Object> T valueOf(ListenableFuture<? extends T> done)
            throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
