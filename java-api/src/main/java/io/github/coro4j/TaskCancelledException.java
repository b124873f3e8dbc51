package io.github.coro4j;

import io.github.coro4j.spi.Label;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a future was cancelled; says which future, and why. Every reader of a cancelled future gets the same
 * object.
 *
 * <p>The stack trace is that of the first request to cancel. If a future was cancelled with its scope or group, it has
 * no trace of its own. Its cause is the cancellation of that scope or group, which has the trace. If Kotlin code passed
 * an exception to its cancel, that exception is the cause, and this exception has its own trace.
 */
public final class TaskCancelledException extends CancellationException {
    private static final long serialVersionUID = 1L;

    // Two fields of its own also keep kotlinx.coroutines from copying it: stack-trace recovery
    // copies only classes that add no state to their superclass, and rule R15 promises the same
    // object to every reader.
    /** The name of what was cancelled. */
    private final String name;

    /** The reason, or null. */
    private final @Nullable String reason;

    /**
     * Creates an exception, for the engine.
     *
     *
     * @param name the name of what was cancelled
     * @param reason why, or null if no reason was given
     */
    public TaskCancelledException(String name, @Nullable String reason) {
        this(name, reason, null);
    }

    /**
     * Creates an exception, for the engine.
     *
     *
     * @param name the name of what was cancelled
     * @param reason why, or null if no reason was given
     * @param origin the cause: the cancellation of the scope or group, or an exception that Kotlin code passed to its
     *     cancel; or null
     */
    public TaskCancelledException(
            String name, @Nullable String reason, @Nullable CancellationException origin) {
        super(
                Label.oneLine(name)
                        + (reason == null
                                ? " was cancelled"
                                : " was cancelled: " + Label.oneLine(reason)));
        this.name = name;
        this.reason = reason;
        if (!(origin instanceof TaskCancelledException)) {
            fillInStackTrace();
        }
        if (origin != null) {
            initCause(origin);
        }
    }

    /**
     * Fills in the trace, except during the construction of a cancellation that has an origin. One call may cancel many
     * futures, and a trace for each of them would cost more than the call.
     */
    @Override
    public synchronized Throwable fillInStackTrace() {
        // The first call comes from the constructor of Throwable, before the fields are set.
        return name == null ? this : super.fillInStackTrace();
    }

    /** {@return the name of what was cancelled} */
    public String name() {
        return name;
    }

    /** {@return the reason of the first request to cancel, or null if it had none} */
    public @Nullable String reason() {
        return reason;
    }
}
