package io.github.coro4j;

import io.github.coro4j.spi.Label;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Says that a future was cancelled: which one, and why. Every reader of one cancelled future gets the same object.
 *
 * <p>Its stack trace is that of the first request to cancel. A future that was cancelled with its scope or group has no
 * trace of its own: its cause is the cancellation of that scope or group, which has the trace. If Kotlin code gave an
 * exception with its cancel, that exception is the cause, and this exception has its own trace.
 */
public final class TaskCancelledException extends CancellationException {
    private static final long serialVersionUID = 1L;

    // Two fields of its own also keep kotlinx.coroutines from copying it: stack-trace recovery
    // copies only classes that add no state to their superclass, and rule R15 promises the same
    // object to every reader.
    /** What was cancelled. */
    private final String name;

    /** Why, or null. */
    private final @Nullable String reason;

    /**
     * For the engine.
     *
     * @param name the name of what was cancelled
     * @param reason why, or null if no reason was given
     */
    public TaskCancelledException(String name, @Nullable String reason) {
        this(name, reason, null);
    }

    /**
     * For the engine.
     *
     * @param name the name of what was cancelled
     * @param reason why, or null if no reason was given
     * @param origin the cause: the cancellation of the scope or group, or an exception that Kotlin code gave with its
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
     * Fills in the trace, but not in the constructor of a cancellation that has an origin. One call may cancel many
     * futures, and a trace for each of them would cost more than the call.
     */
    @Override
    public synchronized Throwable fillInStackTrace() {
        // The first call comes from the constructor of Throwable, before the fields are set.
        return name == null ? this : super.fillInStackTrace();
    }

    /**
     * The name of what was cancelled.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The reason given with the first request to cancel.
     *
     * @return the reason, or null if none was given
     */
    public @Nullable String reason() {
        return reason;
    }
}
