package io.github.coro4j;

import io.github.coro4j.spi.Label;

/**
 * One report to a {@link FailureListener}.
 *
 * @param kind what happened
 * @param type what it happened to, as {@code toString} and dumps call it: {@code task}, {@code gather}, {@code promise},
 *     {@code stage}, {@code sleep} or {@code future}
 * @param name the name of that task or other future
 * @param exception the original exception
 */
public record FailureReport(Kind kind, String type, String name, Throwable exception) {

    /**
     * Makes a report.
     *
     * @param kind what happened
     * @param type what it happened to
     * @param name the name of the task or other future it happened to
     * @param exception the original exception
     * @throws NullPointerException if an argument is null
     */
    public FailureReport {
        Arguments.notNull(kind, "kind", "say what happened");
        Arguments.notNull(type, "type", "say to what it happened, such as task");
        Arguments.notNull(name, "name", "say whom it happened to");
        Arguments.notNull(exception, "exception", "a failure has one");
    }

    /** What happened. */
    public enum Kind {
        /** A future failed, and the failure was unread when the future became unreachable or its scope closed. */
        UNREAD_FAILURE(" failed, and no code has read the failure"),
        /** A done-callback threw; the outcome of its future stands, and the other callbacks run. */
        CALLBACK_FAILED(": a done-callback threw"),
        /** An executor refused a callback; the callback ran on a thread of the engine instead. */
        CALLBACK_REJECTED(
                ": the executor refused a done-callback, which ran on a thread of the engine instead"),
        /** A {@link TaskListener} threw while it observed a step; nothing else is affected. */
        LISTENER_FAILED(": a task listener threw"),
        /**
         * A {@link ContextPropagator} threw when it put back what the thread had held; or, around a callback, when it was to
         * put in place what was captured. The body or callback has run.
         */
        PROPAGATOR_FAILED(": a context propagator threw"),
        /**
         * {@link Thread#interrupt()} threw when the engine interrupted a cancelled body, for example because a channel
         * could not be closed. The body is cancelled, but may still be blocked.
         */
        INTERRUPT_FAILED(": the interrupt of its body threw");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * Returns type and name, as in every message and dump: {@code task "load"}.
     *
     * @return the type and name of what it happened to
     */
    public String label() {
        return Label.of(type, name);
    }

    /**
     * Returns the report as one line for a log: {@code task "load" failed, and no code has read the failure}.
     *
     * @return what happened, and what it happened to
     */
    public String message() {
        return label() + kind.text;
    }
}
