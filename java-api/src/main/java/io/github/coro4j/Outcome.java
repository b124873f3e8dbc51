package io.github.coro4j;

import io.github.coro4j.spi.Exceptions;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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
 * <p><b>Against asyncio.</b> {@code gather(return_exceptions=True)} mixes values and exceptions in one untyped list; an
 * {@code Outcome} cannot be taken for a value by accident, and keeps cancellation apart from failure.
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
}
