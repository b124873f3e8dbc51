package io.github.coro4j.spi;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and wraps exceptions of the user without trusting their methods. If an override throws, the future still ends,
 * and the caller still gets the failure.
 */
public final class Exceptions {
    private Exceptions() {}

    /**
     * Returns the text of an exception.
     *
     * @param exception any exception
     * @return what its {@code toString} returns, or the name of its class if that throws or returns null
     */
    public static String text(Throwable exception) {
        String text;
        try {
            text = exception.toString();
        } catch (Throwable e) {
            text = null;
        }
        return text == null ? exception.getClass().getName() : text;
    }

    /**
     * Returns the message of an exception.
     *
     * @param exception any exception
     * @return what its {@code getMessage} returns, or null if that throws
     */
    public static @Nullable String message(Throwable exception) {
        try {
            return exception.getMessage();
        } catch (Throwable e) {
            return null;
        }
    }

    /**
     * Returns the cause of an exception.
     *
     * @param exception any exception
     * @return what its {@code getCause} returns, or null if that throws
     */
    public static @Nullable Throwable cause(Throwable exception) {
        try {
            return exception.getCause();
        } catch (Throwable e) {
            return null;
        }
    }

    /**
     * Wraps a failure for {@code join}. It passes the text, because the constructor without a text calls
     * {@code toString} of the cause.
     *
     * @param cause the original exception
     * @return the wrapper
     */
    public static CompletionException completion(Throwable cause) {
        return new CompletionException(text(cause), cause);
    }

    /**
     * Wraps a failure for {@code get}.
     *
     * @param cause the original exception, or null
     * @return the wrapper
     */
    public static ExecutionException execution(@Nullable Throwable cause) {
        return new ExecutionException(cause == null ? null : text(cause), cause);
    }
}
