package io.github.coro4j;

import io.github.coro4j.spi.Label;
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
 * @param reason why it was asked to stop; null if it was not, if no reason was given, or if it ended otherwise than as
 *     cancelled
 * @param id a number that all events of this body have, and no event of another body in this process; names may be given
 *     twice
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
        @Nullable String reason,
        long id) {

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
     * @param id the number of the body
     * @throws NullPointerException if an argument is null that must not be, or a failure has no exception
     * @throws IllegalArgumentException if a name is blank, a duration is negative, or a body ran that has not begun
     */
    public TaskEvent {
        Arguments.notBlank(type, "type", "say what it is, such as task");
        Arguments.notBlank(name, "name", "say whom it is about");
        Arguments.notBlank(scope, "scope", "say where it runs");
        Arguments.notNegative(waited, "waited", "give Duration.ZERO");
        Arguments.notNegative(ran, "ran", "give Duration.ZERO");
        if (!begun && !ran.isZero()) {
            throw new IllegalArgumentException(
                    "ran must be zero, but is "
                            + ran
                            + ": "
                            + Label.of(type, name)
                            + " has not begun; give Duration.ZERO");
        }
        if (end == End.FAILURE) {
            Arguments.notNull(exception, "exception", "a failure has one");
        }
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
     * Returns type and name, as in every message and dump: {@code task "load"}.
     *
     * @return the type and name of what the event is about
     */
    public String label() {
        return Label.of(type, name);
    }
}
