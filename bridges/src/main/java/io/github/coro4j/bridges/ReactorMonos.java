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
 * Reactor's {@link Mono} to and from {@link Future}. Needs {@code io.projectreactor:reactor-core}, which this artifact does
 * not bring along.
 *
 * <p>Both ways a failure is the very exception, and a cancel goes from either side to the other. A null result is an empty
 * {@code Mono}. A cancelled future is an error, the future's {@link CancellationException}, since a {@code Mono} has no
 * other way to say so; and a {@code Mono} that ends with such an error gives a cancelled future.
 */
public final class ReactorMonos {
    private ReactorMonos() {}

    /**
     * Returns a hot {@code Mono}: the work already runs, with or without subscribers, and each subscriber gets its one
     * result.
     *
     * <p><b>Threads.</b> Signals come on the callback executor of the future's scope, even if the future was already
     * done; {@code publishOn} moves them. {@code block()} and {@code blockOptional()} get their signals on a thread of
     * the engine.
     *
     * <p><b>Cancel.</b> When a subscriber cancels, the future is cancelled, and for the subscriber it is over at once,
     * while the body may still clean up. Other subscribers then get the cancellation. With
     * {@code toMono(future.shield())} a cancelling subscriber leaves the work alone.
     *
     * <p><b>Failure.</b> A failure counts as read when a subscriber gets it. It stays unread if there is no subscriber,
     * or if the subscriber has cancelled.
     *
     * @param <T> the type of the result
     * @param future what to follow
     * @return a {@code Mono} that may be subscribed to any number of times
     * @throws NullPointerException if {@code future} is null
     */
    public static <T> Mono<T> toMono(Future<? extends @Nullable T> future) {
        if (future == null) {
            throw new NullPointerException(
                    "future must not be null: Mono.empty() is a Mono without a value");
        }
        return FutureMono.of(() -> future);
    }

    /**
     * Returns a cold {@code Mono}: each subscription starts work of its own. Otherwise like {@link #toMono(Future)}.
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
     * @throws NullPointerException if {@code start} is null
     */
    public static <T> Mono<T> toMono(Supplier<? extends Future<? extends @Nullable T>> start) {
        if (start == null) {
            throw new NullPointerException(
                    "start must not be null: Mono.empty() is a Mono without a value");
        }
        return FutureMono.of(start);
    }

    /**
     * Subscribes to a {@code Mono} at once, in the calling thread, and returns a future of its result. An empty
     * {@code Mono} gives null.
     *
     * <p><b>Threads.</b> The work that the {@code Mono} does on subscription runs on the caller's thread. Callbacks of
     * the future run on the callback executor of the current task's scope, or of the global one, never on the stack of
     * the thread that ends the {@code Mono}. Its unread failure is reported in that scope.
     *
     * <p><b>Cancel.</b> Cancelling the future ends it at once. Soon after, on that callback executor, the subscription
     * is cancelled. An error that arrives meanwhile goes where Reactor's dropped errors go. Like a promise, the future
     * has no scope that ends it: closing a scope neither cancels nor waits for it.
     *
     * @param <T> the type of the result
     * @param mono what to subscribe to
     * @return a new future
     * @throws NullPointerException if {@code mono} is null
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
