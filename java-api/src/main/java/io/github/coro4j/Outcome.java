package io.github.coro4j;

import io.github.coro4j.spi.Exceptions;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a future ended, as a value: a success, a failure or a cancellation. Outcomes are immutable, and made for
 * {@code instanceof} patterns and, on JDK 21 and later, for {@code switch}.
 *
 * <pre>{@code
 * for (Outcome<String> page : pages.settled().join()) {
 *   if (page instanceof Outcome.Success<String> ok) {
 *     show(ok.value());
 *   } else {
 *     log(page.exceptionOrNull());
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T extends @Nullable Object> {

    /**
     * The outcome of work that returned a value.
     *
     * @param <T> the type of the value
     * @param value what it returned; may be null
     */
    record Success<T extends @Nullable Object>(T value) implements Outcome<T> {
        @Override
        public T valueOrThrow() {
            return value;
        }

        @Override
        public @Nullable Throwable exceptionOrNull() {
            return null;
        }

        @Override
        public String toString() {
            return RecordText.of("Success", "value", value);
        }
    }

    /**
     * The outcome of work that threw.
     *
     * @param <T> the type the value would have had
     * @param exception the original exception, the very object that was thrown
     */
    record Failure<T extends @Nullable Object>(Throwable exception) implements Outcome<T> {
        /**
         * Creates a failure.
         *
         * @param exception the original exception
         */
        public Failure {
            Arguments.notNull(exception, "exception", "a failure needs one");
        }

        @Override
        public T valueOrThrow() {
            throw Exceptions.completion(cause());
        }

        /**
         * Returns what went wrong, without a wrapper of the JDK. A body that does not catch the exception of an inner
         * {@code join()} or {@code get()} fails with such a wrapper.
         *
         * @return the cause of {@link #exception()} if that is a {@link CompletionException} or
         *     {@link ExecutionException} with a cause; {@link #exception()} otherwise, or if its {@code getCause}
         *     throws
         */
        public Throwable cause() {
            boolean wrapper =
                    exception instanceof CompletionException
                            || exception instanceof ExecutionException;
            Throwable inner = wrapper ? Exceptions.cause(exception) : null;
            return inner != null ? inner : exception;
        }

        @Override
        public Throwable exceptionOrNull() {
            return exception;
        }

        /**
         * {@return the text of this record; if {@code toString} of the exception throws, its class replaces its text}
         */
        @Override
        public String toString() {
            return RecordText.of("Failure", "exception", exception);
        }
    }

    /**
     * The outcome of work that stopped because its cancel was requested.
     *
     * @param <T> the type the value would have had
     * @param cancellation the first request, with its reason and the name of what was cancelled
     */
    record Cancelled<T extends @Nullable Object>(CancellationException cancellation)
            implements Outcome<T> {
        /**
         * Creates a cancellation.
         *
         * @param cancellation the first request
         */
        public Cancelled {
            Arguments.notNull(cancellation, "cancellation", "a cancelled outcome needs one");
        }

        @Override
        public T valueOrThrow() {
            throw cancellation;
        }

        @Override
        public CancellationException exceptionOrNull() {
            return cancellation;
        }

        @Override
        public String toString() {
            return RecordText.of("Cancelled", "cancellation", cancellation);
        }
    }

    /**
     * Returns the value, or throws an exception as {@link Future#join()} does.
     *
     * @return the value, perhaps null
     * @throws CompletionException after a failure; its cause is {@link Failure#cause()}
     * @throws CancellationException after a cancellation
     */
    T valueOrThrow();

    /**
     * Returns what went wrong.
     *
     * @return null after a success, the original exception after a failure, the cancellation after a cancel
     */
    @Nullable Throwable exceptionOrNull();

    /** {@return whether this is a {@link Success}: the work returned a value, perhaps null} */
    default boolean isSuccess() {
        return this instanceof Success;
    }

    /** {@return whether this is a {@link Failure}: the work threw; a cancellation is no failure} */
    default boolean isFailure() {
        return this instanceof Failure;
    }

    /** {@return whether this is a {@link Cancelled}: the work stopped because its cancel was requested} */
    default boolean isCancelled() {
        return this instanceof Cancelled;
    }

    /**
     * Returns the value, or null if there is none. If the value may be null, {@link #isSuccess()} tells a null value
     * from a missing one.
     *
     * @return the value after a success; null after a failure or a cancellation
     */
    default @Nullable T valueOrNull() {
        return this instanceof Success<T> success ? success.value() : null;
    }

    /**
     * Returns the value, or {@code other} if there is none. If the value is null, this returns null.
     *
     * @param other what to return after a failure or a cancellation; may be null
     * @return the value after a success; {@code other} after a failure or a cancellation
     */
    default T valueOr(T other) {
        return this instanceof Success<T> success ? success.value() : other;
    }

    /**
     * Returns the outcome of a function of the value. The function runs on the calling thread, and only after a
     * success. A failure or a cancellation is returned as it is.
     *
     * <p>If the function throws, this method returns a failure with that very object, like {@link Future#map}, even if
     * it is an {@link Error} or a {@link CancellationException}. After an {@link InterruptedException} the interrupt
     * flag of the thread is set.
     *
     * @param <R> the type of the new value
     * @param function what to make of the value, which may be null; may return null
     * @return the new outcome
     */
    @SuppressWarnings("unchecked") // an outcome without a value has no type of it
    default <R extends @Nullable Object> Outcome<R> map(
            ThrowingFunction<? super T, ? extends R> function) {
        Arguments.notNull(function, "function", "it makes the new value");
        if (!(this instanceof Success<T> success)) {
            return (Outcome<R>) this;
        }
        try {
            return new Success<>(function.apply(success.value()));
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return new Failure<>(e);
        }
    }

    /**
     * Returns what one of three functions makes of this outcome, as a {@code switch} over the three records does. The
     * function runs on the calling thread. The caller gets any exception that the function throws.
     *
     * <pre>{@code
     * String text = page.fold(value -> value, failure -> "failed", cancellation -> "cancelled");
     * }</pre>
     *
     * @param <R> the type of the result
     * @param success receives the value, perhaps null
     * @param failure receives the original exception
     * @param cancelled receives the cancellation
     * @return what the function returned, perhaps null
     */
    default <R extends @Nullable Object> R fold(
            Function<? super T, ? extends R> success,
            Function<? super Throwable, ? extends R> failure,
            Function<? super CancellationException, ? extends R> cancelled) {
        Arguments.notNull(success, "success", "it is called after a success");
        Arguments.notNull(failure, "failure", "it is called after a failure");
        Arguments.notNull(cancelled, "cancelled", "it is called after a cancellation");
        if (this instanceof Success<T> end) {
            return success.apply(end.value());
        }
        if (this instanceof Failure<T> end) {
            return failure.apply(end.exception());
        }
        return cancelled.apply(((Cancelled<T>) this).cancellation());
    }
}
