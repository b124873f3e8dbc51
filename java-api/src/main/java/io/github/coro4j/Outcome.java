package io.github.coro4j;

import io.github.coro4j.spi.Exceptions;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a future ended, as a value: a success, a failure or a cancellation. Immutable; made for {@code instanceof}
 * patterns and, on newer JDKs, for {@code switch}.
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
     * The work returned.
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
    }

    /**
     * The work threw.
     *
     * @param <T> the type the value would have had
     * @param exception the original exception, the very object that was thrown
     */
    record Failure<T extends @Nullable Object>(Throwable exception) implements Outcome<T> {
        /**
         * Makes a failure.
         *
         * @param exception the original exception
         * @throws NullPointerException if {@code exception} is null
         */
        public Failure {
            Arguments.notNull(exception, "exception", "a failure has one");
        }

        @Override
        public T valueOrThrow() {
            throw Exceptions.completion(cause());
        }

        /**
         * What went wrong below one layer of the JDK's wrappers: a body that lets the exception of an inner
         * {@code join()} or {@code get()} pass ends with such a wrapper, and wrapping it again would bury the
         * cause one layer deeper at each level.
         *
         * @return the cause of {@link #exception()} if that is a {@link CompletionException} or {@link
         *     ExecutionException} with a cause; {@link #exception()} otherwise, or if its {@code getCause} throws
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

        /** Returns the text of a record; the class of the exception replaces its text if its {@code toString} throws. */
        @Override
        public String toString() {
            return "Failure[exception=" + Exceptions.text(exception) + "]";
        }
    }

    /**
     * The work stopped after a request to cancel it.
     *
     * @param <T> the type the value would have had
     * @param cancellation the first request, with its reason and the name of what was cancelled
     */
    record Cancelled<T extends @Nullable Object>(CancellationException cancellation)
            implements Outcome<T> {
        /**
         * Makes a cancellation.
         *
         * @param cancellation the first request
         * @throws NullPointerException if {@code cancellation} is null
         */
        public Cancelled {
            Arguments.notNull(cancellation, "cancellation", "an end that was cancelled has one");
        }

        @Override
        public T valueOrThrow() {
            throw cancellation;
        }

        @Override
        public CancellationException exceptionOrNull() {
            return cancellation;
        }
    }

    /**
     * The value, or an exception as {@link Future#join()} throws it.
     *
     * @return the value, perhaps null
     * @throws CompletionException after a failure; its cause is the original exception, without a wrapper
     *     that an inner {@code join} or {@code get} had put around it
     * @throws CancellationException when cancelled
     */
    T valueOrThrow();

    /**
     * What went wrong, returned and never thrown.
     *
     * @return null after a success, the original exception after a failure, the cancellation when cancelled
     */
    @Nullable Throwable exceptionOrNull();

    /**
     * Returns whether the work returned a value, perhaps null.
     *
     * @return true for a {@link Success}
     */
    default boolean isSuccess() {
        return this instanceof Success;
    }

    /**
     * Returns whether the work threw. A cancellation is no failure.
     *
     * @return true for a {@link Failure}
     */
    default boolean isFailure() {
        return this instanceof Failure;
    }

    /**
     * Returns whether the work stopped after a request to cancel it.
     *
     * @return true for a {@link Cancelled}
     */
    default boolean isCancelled() {
        return this instanceof Cancelled;
    }

    /**
     * Returns the value, or null if there is none. A null may also be the value; {@link #isSuccess()} tells the two apart.
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
     * Returns the outcome of a function of the value. The function runs on the calling thread, after a success alone; a
     * failure or a cancellation is returned as it is.
     *
     * <p>If the function throws, this returns a failure with that very object, as the future of {@link Future#map} fails
     * with it. That holds for an {@link Error} too, and for a {@link CancellationException}, since nothing was cancelled.
     * After an {@link InterruptedException} the interrupt flag of the thread is set.
     *
     * @param <R> the type of the new value
     * @param function what to make of the value, which may be null; may return null
     * @return the new outcome
     * @throws NullPointerException if {@code function} is null
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
     * Returns what one of three functions makes of this outcome. It stands for a {@code switch} over the three records,
     * which Java has from version 21 on. The function runs on the calling thread, and the caller gets what it throws.
     *
     * <pre>{@code
     * String text = page.fold(value -> value, failure -> "failed", cancellation -> "cancelled");
     * }</pre>
     *
     * @param <R> the type of the result
     * @param success is given the value, perhaps null
     * @param failure is given the original exception
     * @param cancelled is given the cancellation
     * @return what the function returned, perhaps null
     * @throws NullPointerException if an argument is null, also one that is not called
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
