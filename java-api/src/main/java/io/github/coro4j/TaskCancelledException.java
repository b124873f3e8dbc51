package io.github.coro4j;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Says that a future was cancelled: which one, and why. Every reader of one cancelled future gets the same object.
 *
 * <p>Its stack trace is that of the first request to cancel.
 */
public final class TaskCancelledException extends CancellationException {
    private static final long serialVersionUID = 1L;

    // Two fields of its own also keep kotlinx.coroutines from copying it: stack-trace recovery
    // copies only classes
    // that add no state to their superclass, and rule R15 promises the same object to every reader.
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
        super(reason == null ? name + " was cancelled" : name + " was cancelled: " + reason);
        this.name = name;
        this.reason = reason;
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
