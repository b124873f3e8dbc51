package io.github.coro4j.bridges;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Registration;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A {@code Mono} of the end of a future. It does not use {@code Mono.create}. If an error and a cancel meet, the sink
 * of that method drops the error, which would then count as read (R16). Here one atomic step of {@link Delivery}
 * decides between the end and the cancel.
 */
final class FutureMono<T> extends Mono<T> {
    private final Supplier<? extends Future<? extends @Nullable T>> start;

    /** True if the signals come on a thread of the engine instead of the callback executor. */
    private final boolean isForAThread;

    private FutureMono(
            Supplier<? extends Future<? extends @Nullable T>> start, boolean isForAThread) {
        this.start = start;
        this.isForAThread = isForAThread;
    }

    static <T> Mono<T> of(Supplier<? extends Future<? extends @Nullable T>> start) {
        return onAssembly(new FutureMono<T>(start, false));
    }

    // The blocked thread may be the only one of the callback executor, so its signals must not need
    // that executor.

    @Override
    public @Nullable T block() {
        return isForAThread ? super.block() : forAThread().block();
    }

    @Override
    public @Nullable T block(Duration timeout) {
        return isForAThread ? super.block(timeout) : forAThread().block(timeout);
    }

    @Override
    public Optional<T> blockOptional() {
        return isForAThread ? super.blockOptional() : forAThread().blockOptional();
    }

    @Override
    public Optional<T> blockOptional(Duration timeout) {
        return isForAThread ? super.blockOptional(timeout) : forAThread().blockOptional(timeout);
    }

    private FutureMono<T> forAThread() {
        return new FutureMono<>(start, true);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        Future<? extends @Nullable T> future;
        try {
            future = start.get();
            if (future == null) {
                throw new NullPointerException(
                        "the future returned by start must not be null:"
                                + " Future.completed(null) makes an empty Mono");
            }
        } catch (Throwable e) {
            Operators.error(subscriber, Operators.onOperatorError(e, subscriber.currentContext()));
            return;
        }
        subscriber.onSubscribe(new Delivery<>(future, subscriber, isForAThread));
    }

    /** Delivers the end to a subscriber. Its state is NEW, then perhaps REQUESTED, then perhaps OVER. */
    private static final class Delivery<F extends @Nullable Object>
            extends AtomicReference<Delivery.State> implements Subscription {
        private static final long serialVersionUID = 1L;

        enum State {
            NEW,
            REQUESTED,
            OVER
        }

        private final transient Future<F> future;
        private final transient CoreSubscriber<? super F> subscriber;
        private transient volatile @Nullable Registration callback;

        private final boolean isForAThread;

        Delivery(Future<F> future, CoreSubscriber<? super F> subscriber, boolean isForAThread) {
            super(State.NEW);
            this.isForAThread = isForAThread;
            this.future = future;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n) || !compareAndSet(State.NEW, State.REQUESTED)) {
                return;
            }
            Registration added =
                    isForAThread
                            ? future.addDoneCallback(this::deliver, Runnable::run)
                            : future.addDoneCallback(this::deliver);
            callback = added;
            // A cancel may have come meanwhile, and found no callback to remove.
            if (get() == State.OVER) {
                added.remove();
            }
        }

        private void deliver(Future<F> done) {
            if (!compareAndSet(State.REQUESTED, State.OVER)) {
                return;
            }
            Outcome<F> outcome = done.outcome();
            if (outcome instanceof Outcome.Success<F> success) {
                if (success.value() != null) {
                    subscriber.onNext(success.value());
                }
                subscriber.onComplete();
            } else {
                subscriber.onError(outcome.exceptionOrNull());
            }
        }

        @Override
        public void cancel() {
            if (getAndSet(State.OVER) == State.OVER) {
                return;
            }
            Registration added = callback;
            if (added != null) {
                added.remove();
            }
            future.cancel("the subscription to its Mono was cancelled");
        }
    }
}
