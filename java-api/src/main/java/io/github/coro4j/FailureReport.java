package io.github.coro4j;

/**
 * One report to a {@link FailureListener}.
 *
 * @param kind what happened
 * @param name the name of the task or other future it happened to
 * @param exception the original exception
 */
public record FailureReport(Kind kind, String name, Throwable exception) {

    /**
     * Makes a report.
     *
     * @param kind what happened
     * @param name the name of the task or other future it happened to
     * @param exception the original exception
     * @throws NullPointerException if an argument is null
     */
    public FailureReport {
        Arguments.notNull(kind, "kind", "say what happened");
        Arguments.notNull(name, "name", "say whom it happened to");
        Arguments.notNull(exception, "exception", "a failure has one");
    }

    /** What happened. */
    public enum Kind {
        /** A future failed, and nobody had read the failure when it became unreachable or its scope closed. */
        UNREAD_FAILURE("failed, and nobody read the failure"),
        /** A done-callback threw; the outcome of its future stands, and the other callbacks run. */
        CALLBACK_FAILED("a done-callback threw"),
        /** An executor refused a callback; the callback ran on a thread of the engine instead. */
        CALLBACK_REJECTED(
                "the executor refused a done-callback, which ran on a thread of the engine instead");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * The report as one line for a log.
     *
     * @return what happened to whom
     */
    public String message() {
        return name + ": " + kind.text;
    }
}
