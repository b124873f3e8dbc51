package io.github.coro4j.bridges;

import com.google.common.util.concurrent.AbstractFuture;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Guava's {@link ListenableFuture} to and from {@link Future}. */
public final class GuavaFutures {
    private GuavaFutures() {}

    /**
     * A view for code that wants Guava's type.
     *
     * @param <T> the type of the result
     * @param future what to follow
     * @return a new view
     * @throws NullPointerException if {@code future} is null
     */
    public static <T extends @Nullable Object> ListenableFuture<T> toListenableFuture(
            Future<T> future) {
        View<T> view = new View<>(future);
        future.addDoneCallback(view::end);
        return view;
    }

    /**
     * A future that ends as the given one does.
     *
     * @param <T> the type of the result
     * @param future what to follow
     * @return a new future
     * @throws NullPointerException if {@code future} is null
     */
    public static <T extends @Nullable Object> Future<T> fromListenableFuture(
            ListenableFuture<? extends T> future) {
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
        if (done.isCancelled()) {
            promise.cancel();
            return;
        }
        try {
            promise.complete(Futures.getDone(done));
        } catch (ExecutionException e) {
            promise.fail(e.getCause());
        }
    }

    private static final class View<T extends @Nullable Object> extends AbstractFuture<T> {
        private final Future<T> future;

        View(Future<T> future) {
            this.future = future;
        }

        void end(Future<T> done) {
            Outcome<T> outcome = done.outcome();
            if (outcome instanceof Outcome.Success<T> success) {
                set(success.value());
            } else if (outcome instanceof Outcome.Failure<T> failure) {
                setException(failure.exception());
            } else {
                super.cancel(true);
            }
        }

        @Override
        protected void afterDone() {
            if (isCancelled()) {
                future.cancel(wasInterrupted());
            }
        }
    }
}
