package io.github.coro4j.bridges;

import com.google.common.util.concurrent.AbstractFuture;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.SettableFuture;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Converts Guava's {@link ListenableFuture} to and from {@link Future}. It needs {@code com.google.guava:guava}, which
 * this artifact does not bring along.
 *
 * <p>In both directions, a failure is the very exception, and a cancel on either side reaches the other. The reason of
 * a cancel does not, because Guava has no place for it.
 */
public final class GuavaFutures {
    private GuavaFutures() {}

    /**
     * Returns a view for code that needs Guava's type.
     *
     * <pre>{@code
     * ListenableFuture<String> page = GuavaFutures.toListenableFuture(scope.start("page", () -> load()));
     * Futures.addCallback(page, show, uiExecutor);
     * }</pre>
     *
     * <p><b>Threads.</b> The view is done as soon as the future is, even while the callback executor is busy. A
     * listener with {@code directExecutor()} that was added before then runs on the callback executor of the future's
     * scope. It never runs on the stack of the thread that ends the future.
     *
     * <p>By Guava's rules, a listener that is added to a done view runs on the stack of the thread that adds it.
     * Cancelling the view runs its listeners on the stack of the cancelling thread.
     *
     * <p><b>Cancel.</b> Cancelling the view cancels the future, with an interrupt if {@code mayInterruptIfRunning}. By the contract of {@code java.util.concurrent.Future} the view is then done at once, while the body may still clean
     * up. To learn when the body has really stopped, ask the future. A view of {@link Future#shield()} leaves the work
     * alone. To interrupt the body on {@code cancel(false)} too, use {@link #toInterruptingListenableFuture}.
     *
     * <p><b>Failure.</b> A failure is read when the view has it. A view that was cancelled first does not read it, so
     * an exception that the body throws while it stops stays unread.
     *
     * @param <T> the type of the result; a null result is a null value
     * @param future the future to follow
     * @return a new view
     */
    public static <T extends @Nullable Object> ListenableFuture<T> toListenableFuture(
            Future<T> future) {
        return view(future, false);
    }

    /**
     * Returns a view whose every cancel interrupts the body, also {@code cancel(false)}; otherwise like
     * {@link #toListenableFuture}.
     *
     * <pre>{@code
     * ListenableFuture<String> page = GuavaFutures.toInterruptingListenableFuture(scope.start("page", () -> load()));
     * page.cancel(false); // interrupts load()
     * }</pre>
     *
     * @param <T> the type of the result; a null result is a null value
     * @param future the future to follow
     * @return a new view
     */
    public static <T extends @Nullable Object> ListenableFuture<T> toInterruptingListenableFuture(
            Future<T> future) {
        return view(future, true);
    }

    private static <T extends @Nullable Object> ListenableFuture<T> view(
            Future<T> future, boolean alwaysInterrupts) {
        if (future == null) {
            throw new NullPointerException(
                    "future must not be null: Futures.immediateFuture(null) is a ListenableFuture of null");
        }
        View<T> view = new View<>(alwaysInterrupts);
        view.follow(future);
        return view;
    }

    /**
     * Returns a future that ends as the given one does.
     *
     * <p><b>Threads.</b> Callbacks of the new future run on the callback executor of the
     * {@linkplain io.github.coro4j.Task#current() current scope}. They never run on the stack of the thread that ends
     * the given future. An unread failure is reported in that scope.
     *
     * <p><b>Cancel.</b> Cancelling the new future ends it at once. Soon after, {@code cancel(true)} of the given future
     * is called on that callback executor; by Guava's rule, the listeners of the given future run there. If the given
     * future is cancelled, the new one is cancelled too. Like a promise, the new future belongs to no scope that ends
     * it: closing a scope neither cancels it nor waits for it.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @return a new future
     */
    public static <T extends @Nullable Object> Future<T> fromListenableFuture(
            ListenableFuture<? extends T> future) {
        if (future == null) {
            throw new NullPointerException(
                    "future must not be null: Future.completed(null) is a future of null");
        }
        Promise<T> promise = Promise.create();
        promise.addDoneCallback(
                done -> {
                    if (done.isCancelled()) {
                        future.cancel(true);
                    }
                });
        future.addListener(() -> end(promise, future), MoreExecutors.directExecutor());
        return promise;
    }

    private static <T extends @Nullable Object> void end(
            Promise<T> promise, ListenableFuture<? extends T> done) {
        T value;
        try {
            value = Uninterruptibles.getUninterruptibly(done);
        } catch (CancellationException e) {
            promise.cancel("the ListenableFuture was cancelled");
            return;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            promise.fail(cause == null ? e : cause);
            return;
        } catch (Throwable e) {
            // The future breaks the contract of get(). Nothing else would ever end the promise.
            promise.fail(e);
            return;
        }
        promise.complete(value);
    }

    /**
     * A view that every reader sees as done once the future is done. {@link #listeners} keeps the listeners, and is
     * done on the callback executor, or on the stack of the caller that cancels the view.
     *
     * <p>The view gets the end of the future, or it is cancelled. Removing the callback is exact (R14), so the call
     * that removes the callback decides. A view that was cancelled does not read a failure.
     */
    private static final class View<T extends @Nullable Object> extends AbstractFuture<T> {
        /** Null once this is done. */
        private volatile @Nullable Future<T> source;

        private volatile @Nullable Registration handOver;
        private final SettableFuture<Boolean> listeners = SettableFuture.create();
        private final boolean alwaysInterrupts;

        View(boolean alwaysInterrupts) {
            this.alwaysInterrupts = alwaysInterrupts;
        }

        void follow(Future<T> future) {
            if (future.isDone()) {
                handOver(future);
                listeners.set(true);
                return;
            }
            source = future;
            // A thread of the engine runs this callback. This object itself has no listeners.
            handOver = future.addDoneCallback(this::handOver, MoreExecutors.directExecutor());
            future.addDoneCallback(
                    done -> {
                        takeUp();
                        listeners.set(true);
                    });
        }

        /** Takes the end of the future, if the future is done and its end is not taken yet. */
        private void takeUp() {
            Future<T> work = source;
            Registration waiting = handOver;
            if (work == null || waiting == null || !work.isDone()) {
                return;
            }
            if (waiting.remove()) {
                handOver(work);
            } else {
                awaitEnd();
            }
        }

        private void awaitEnd() {
            // The winner is about to make its end visible. A caller to which cancel returns false
            // relies on that.
            while (!super.isDone()) {
                Thread.yield();
            }
        }

        private void handOver(Future<T> done) {
            Outcome<T> outcome = done.outcome();
            if (outcome instanceof Outcome.Success<T> success) {
                set(success.value());
            } else if (outcome instanceof Outcome.Failure<T> failure) {
                setException(failure.exception());
            } else {
                super.cancel(false);
            }
        }

        @Override
        public boolean isDone() {
            takeUp();
            return super.isDone();
        }

        @Override
        public boolean isCancelled() {
            takeUp();
            return super.isCancelled();
        }

        @Override
        public void addListener(Runnable listener, Executor executor) {
            if (isDone()) {
                super.addListener(listener, executor);
            } else {
                listeners.addListener(listener, executor);
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            Registration waiting = handOver;
            Future<T> work = source;
            if (waiting != null && (work == null || !work.isDone()) && waiting.remove()) {
                boolean cancelled = super.cancel(mayInterruptIfRunning);
                listeners.set(true);
                return cancelled;
            }
            takeUp();
            awaitEnd();
            return false;
        }

        /** Runs before the listeners, on the stack of the thread that cancels the view or hands over the end. */
        @Override
        protected void afterDone() {
            Future<T> work = source;
            source = null;
            if (work != null && super.isCancelled()) {
                work.cancel(alwaysInterrupts || wasInterrupted());
            }
        }

        @Override
        protected @Nullable String pendingToString() {
            Future<T> work = source;
            return work == null ? null : "future=[" + work + "]";
        }
    }
}
