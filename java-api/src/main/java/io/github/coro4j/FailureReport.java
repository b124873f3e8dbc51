package io.github.coro4j;

import io.github.coro4j.spi.Label;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A report to a {@link FailureListener}.
 *
 * @param kind what happened
 * @param type what it happened to, in the words of {@code toString} and dumps: {@code task}, {@code gather},
 *     {@code promise}, {@code stage}, {@code sleep} or {@code future}
 * @param name the name of that task or other future
 * @param exception the original exception
 * @param startedAt where it was started, such as {@code com.example.Page.load(Page.java:42)}. It is null outside the
 *     debug mode (see docs/observability.md), or if the engine no longer knows it. Equality ignores it
 */
public record FailureReport(
        Kind kind, String type, String name, Throwable exception, @Nullable String startedAt) {

    /**
     * Creates a report.
     *
     * @param kind what happened
     * @param type what it happened to
     * @param name the name of that task or other future
     * @param exception the original exception
     * @param startedAt where it was started, or null
     */
    public FailureReport {
        Arguments.notNull(kind, "kind", "say what happened");
        Arguments.notNull(type, "type", "give the type of what it happened to, such as task");
        Arguments.notNull(name, "name", "give the name of what it happened to");
        Arguments.notNull(exception, "exception", "a failure needs one");
    }

    /**
     * Creates a report that does not say where its subject was started.
     *
     * @param kind what happened
     * @param type what it happened to
     * @param name the name of that task or other future
     * @param exception the original exception
     */
    public FailureReport(Kind kind, String type, String name, Throwable exception) {
        this(kind, type, name, exception, null);
    }

    /** The kinds of reports. */
    public enum Kind {
        /**
         * A failure was still unread when its future became unreachable, its scope closed, or the JVM exited; or a
         * {@code launch} failed, and nothing waited for it or had a callback on it.
         */
        UNREAD_FAILURE(" failed, and no code has read the failure"),
        /** A done-callback threw. The outcome of its future stays, and the other callbacks run. */
        CALLBACK_FAILED(": a done-callback threw"),
        /** An executor refused a callback. The callback ran on a thread of the engine instead. */
        CALLBACK_REJECTED(
                ": the executor refused a done-callback, which ran on a thread of the engine instead"),
        /** A {@link TaskListener} threw while it observed a step. Nothing else is affected. */
        LISTENER_FAILED(": a task listener threw"),
        /**
         * A {@link ContextPropagator} threw when it restored what the thread had held, or when it installed the context
         * of a callback or of a report. The body, callback or failure listener has run.
         */
        PROPAGATOR_FAILED(": a context propagator threw"),
        /**
         * {@link Thread#interrupt()} threw when the engine interrupted a cancelled body, for example because a channel
         * could not be closed. The body may still be blocked.
         */
        INTERRUPT_FAILED(": the interrupt of its body threw"),
        /** A hook of {@link Task#onCancel} threw. The body may still be blocked. */
        CANCEL_HOOK_FAILED(": a cancel hook threw");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** {@return type and name, as in every message and dump: {@code task "load"}} */
    public String label() {
        return Label.of(type, name);
    }

    /** {@return the report as one line for a log: {@code task "load" failed, and no code has read the failure}} */
    public String message() {
        return label() + kind.text;
    }

    /**
     * Returns whether {@code other} is equal in all components except {@code startedAt}. So a test need not know line
     * numbers.
     *
     * @param other the other object
     * @return whether all components but {@code startedAt} are equal
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FailureReport that
                && kind == that.kind
                && type.equals(that.type)
                && name.equals(that.name)
                && exception.equals(that.exception);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, type, name, exception);
    }

    @Override
    public String toString() {
        return RecordText.of(
                "FailureReport",
                "kind",
                kind,
                "type",
                type,
                "name",
                name,
                "exception",
                exception,
                "startedAt",
                startedAt);
    }
}
