package io.github.coro4j;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One step of one body, for a {@link TaskListener}.
 *
 * @param type what the body belongs to, as dumps call it: {@code task}, or {@code future} for the function of a derived
 *     one
 * @param name the name of the task or derived future
 * @param scope the name of its scope
 * @param waited how long it waited before it began: from its start, for a child of a gather from that of the gather, for
 *     a derived future from the end of its source. Until this step if it has not begun
 * @param begun whether the body has begun
 * @param ran how long the body ran, until this step; zero if it has not begun
 * @param end how it ended; null before
 * @param exception the original exception of a failure, or the cancellation; null for a success, and before the end.
 *     Looking at it here does not count as reading the failure
 * @param reason why it was asked to stop; null if it was not, or if no reason was given
 */
public record TaskEvent(
        String type,
        String name,
        String scope,
        Duration waited,
        boolean begun,
        Duration ran,
        @Nullable End end,
        @Nullable Throwable exception,
        @Nullable String reason) {

    /**
     * Makes an event; for tests of listeners.
     *
     * @param type what the body belongs to
     * @param name the name of the task or derived future
     * @param scope the name of its scope
     * @param waited how long it waited
     * @param begun whether the body has begun
     * @param ran how long the body ran
     * @param end how it ended, or null
     * @param exception with what it ended, or null
     * @param reason why it was asked to stop, or null
     * @throws NullPointerException if an argument is null that must not be
     */
    public TaskEvent {
        Arguments.notNull(type, "type", "say what it is, such as task");
        Arguments.notNull(name, "name", "say whom it is about");
        Arguments.notNull(scope, "scope", "say where it runs");
        Arguments.notNull(waited, "waited", "give Duration.ZERO");
        Arguments.notNull(ran, "ran", "give Duration.ZERO");
    }

    /** How a body ended. */
    public enum End {
        /** With a value. */
        SUCCESS,
        /** With an exception. */
        FAILURE,
        /** By a request to cancel. */
        CANCELLED
    }

    /**
     * Type and name, as in every message and dump: {@code task "load"}.
     *
     * @return whom it is about
     */
    public String label() {
        return type + " \"" + name + "\"";
    }
}
