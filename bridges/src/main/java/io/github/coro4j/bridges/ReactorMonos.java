package io.github.coro4j.bridges;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskCancelledException;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Converts Reactor's {@link Mono} to and from {@link Future}. It needs {@code io.projectreactor:reactor-core}, which
 * this artifact does not bring along.
 *
 * <p>In both directions, a failure is the very exception, and a cancel on either side reaches the other. A null result
 * is an empty {@code Mono}. A cancelled future becomes an error, its {@link CancellationException}, because a
 * {@code Mono} has no other way to say so. A {@code Mono} that ends with such an error becomes a cancelled future.
 */
public final class ReactorMonos {
    private ReactorMonos() {}

    /**
     * Returns a hot {@code Mono}: the work already runs, with or without subscribers, and each subscriber gets its
     * result.
     *
     * <p><b>Threads.</b> Signals come on the callback executor of the future's scope, even if the future was already
     * done; {@code publishOn} moves them. {@code block()} and {@code blockOptional()} get their signals on a thread of
     * the engine.
     *
     * <p><b>Cancel.</b> If a subscriber cancels, the future is cancelled. That subscriber gets no more signals, even
     * while the body still cleans up. Other subscribers get the cancellation. With {@code toMono(future.shield())} a
     * cancelling subscriber leaves the work alone.
     *
     * <p><b>Failure.</b> A failure is read when a subscriber gets it. It stays unread if there is no subscriber, or if
     * the subscriber has cancelled.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @return a {@code Mono} that may be subscribed to any number of times
     */
    public static <T> Mono<T> toMono(Future<? extends @Nullable T> future) {
        if (future == null) {
            throw new NullPointerException(
                    "future must not be null: Mono.empty() is a Mono without a value");
        }
        return FutureMono.of(() -> future);
    }

    /**
     * Returns a cold {@code Mono}, whose subscriptions each start their own work; otherwise like
     * {@link #toMono(Future)}.
     *
     * <pre>{@code
     * Mono<String> page = ReactorMonos.toMono(() -> scope.start("page", () -> load()));
     * page.timeout(Duration.ofSeconds(2)).retry(3).subscribe(this::show);
     * }</pre>
     *
     * <p>The subscribing thread calls the supplier. An exception that the supplier throws is the error of that
     * subscription.
     *
     * @param <T> the type of the result
     * @param start starts the work, and must not return null
     * @return a {@code Mono} that may be subscribed to any number of times
     */
    public static <T> Mono<T> toMono(Supplier<? extends Future<? extends @Nullable T>> start) {
        if (start == null) {
            throw new NullPointerException(
                    "start must not be null: Mono.empty() is a Mono without a value");
        }
        return FutureMono.of(start);
    }

    /**
     * Subscribes to a {@code Mono} at once, on the calling thread, and returns a future of its result. The result of an
     * empty {@code Mono} is null.
     *
     * <p><b>Threads.</b> The work that the {@code Mono} does on subscription runs on the caller's thread. Callbacks of
     * the future run on the callback executor of the {@linkplain io.github.coro4j.Task#current() current scope}. They
     * never run on the stack of the thread that ends the {@code Mono}. An unread failure is reported in that scope.
     *
     * <p><b>Cancel.</b> Cancelling the future ends it at once. Soon after, the subscription is cancelled on that
     * callback executor. An error that arrives meanwhile goes to Reactor's hook for dropped errors. Like a promise, the
     * future belongs to no scope that ends it: closing a scope neither cancels it nor waits for it.
     *
     * @param <T> the type of the result
     * @param mono the {@code Mono} to subscribe to
     * @return a new future
     */
    public static <T> Future<@Nullable T> fromMono(Mono<? extends T> mono) {
        if (mono == null) {
            throw new NullPointerException(
                    "mono must not be null: Future.completed(null) is a future of null");
        }
        Promise<@Nullable T> promise = Promise.create();
        Follower<T> follower = new Follower<>(promise);
        promise.addDoneCallback(
                done -> {
                    if (done.isCancelled()) {
                        follower.cancel();
                    }
                });
        mono.subscribe(follower);
        return promise;
    }

    private static final class Follower<T> extends BaseSubscriber<T> {
        private final Promise<@Nullable T> promise;

        Follower(Promise<@Nullable T> promise) {
            this.promise = promise;
        }

        @Override
        protected void hookOnNext(T value) {
            promise.complete(value);
        }

        @Override
        protected void hookOnComplete() {
            promise.complete(null);
        }

        @Override
        protected void hookOnError(Throwable error) {
            boolean taken;
            if (error instanceof TaskCancelledException cancelled && cancelled.reason() == null) {
                taken = promise.cancel();
            } else if (error instanceof TaskCancelledException cancelled) {
                taken = promise.cancel(cancelled.reason());
            } else if (error instanceof CancellationException) {
                String reason = error.getMessage();
                taken = reason == null ? promise.cancel() : promise.cancel(reason);
            } else {
                taken = promise.fail(error);
            }
            if (!taken) {
                Operators.onErrorDropped(error, currentContext());
            }
        }
    }
}
