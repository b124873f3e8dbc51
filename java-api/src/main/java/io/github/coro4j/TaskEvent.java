package io.github.coro4j;

import io.github.coro4j.spi.Label;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A step of a <em>body</em>, for a {@link TaskListener}.
 *
 * @param type what the body belongs to, in the words of dumps: {@code task}, or {@code future} for the function of a
 *     derived future
 * @param name the name of the task or derived future
 * @param scope the name of its scope
 * @param waited how long the body waited before it began, or until this step if it has not begun. A child of a gather
 *     waits from the start of the gather, the function of a derived future from the end of its source
 * @param begun whether the body has begun
 * @param ran how long the body ran, until this step; zero if it has not begun
 * @param end how the body ended; null before its end
 * @param exception the original exception of a failure, or the cancellation; null after a success, and before the end.
 *     Looking at it here does not read the failure
 * @param reason the reason of the cancel; null if no cancel was requested, if it had no reason, or if the body did not
 *     end as cancelled
 * @param id the number of the body in this process: its events have the same number, other events have others. Names
 *     need not be unique
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
     * Creates an event, for tests of listeners.
     *
     * @param type what the body belongs to
     * @param name the name of the task or derived future
     * @param scope the name of its scope
     * @param waited how long the body waited
     * @param begun whether the body has begun
     * @param ran how long the body ran
     * @param end how the body ended, or null
     * @param exception the exception or cancellation, or null
     * @param reason the reason of the cancel, or null
     * @param id the number of the body
     * @throws NullPointerException if {@code end} is a failure without an exception
     * @throws IllegalArgumentException if a name is blank, a duration is negative, or a body ran that has not begun
     */
    public TaskEvent {
        Arguments.notBlank(type, "type", "say what it is, such as task");
        Arguments.notBlank(name, "name", "give the name of the task");
        Arguments.notBlank(scope, "scope", "give the name of the scope");
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
            Arguments.notNull(exception, "exception", "a failure needs one");
        }
    }

    /** How a body ended. */
    public enum End {
        /** The body returned. */
        SUCCESS,
        /** The body threw. */
        FAILURE,
        /** The body was cancelled. */
        CANCELLED
    }

    /** {@return type and name, as in every message and dump: {@code task "load"}} */
    public String label() {
        return Label.of(type, name);
    }

    @Override
    public String toString() {
        return RecordText.of(
                "TaskEvent",
                "type",
                type,
                "name",
                name,
                "scope",
                scope,
                "waited",
                waited,
                "begun",
                begun,
                "ran",
                ran,
                "end",
                end,
                "exception",
                exception,
                "reason",
                reason,
                "id",
                id);
    }
}
