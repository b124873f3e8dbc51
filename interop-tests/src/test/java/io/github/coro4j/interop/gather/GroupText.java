package io.github.coro4j.interop.gather;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Writes the end of a group in short, as the table of docs/gather.md has it. */
final class GroupText {
    private GroupText() {}

    /** Returns the end of a group as text, with the attached failures in brackets. */
    static String of(Outcome<?> end) {
        if (end instanceof Outcome.Cancelled<?>) {
            return "cancelled";
        }
        if (end instanceof Outcome.Failure<?> failure) {
            return "fails: " + of(failure.exception());
        }
        return of(((Outcome.Success<?>) end).value());
    }

    private static String of(Throwable exception) {
        if (exception instanceof java.util.concurrent.CancellationException) {
            return "cancellation";
        }
        if (exception instanceof TimeoutException) {
            return "timeout";
        }
        String beside =
                Arrays.stream(exception.getSuppressed())
                        .filter(
                                each ->
                                        !(each
                                                instanceof
                                                java.util.concurrent.CancellationException))
                        .map(Throwable::getMessage)
                        .collect(Collectors.joining(", "));
        return exception.getMessage() + (beside.isEmpty() ? "" : " (" + beside + ")");
    }

    private static String of(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(GroupText::inList).collect(Collectors.joining(" ", "[", "]"));
        }
        if (value instanceof Partition<?> parts) {
            return letters(parts.done()) + "/" + letters(parts.pending());
        }
        return inList(value);
    }

    private static String letters(Set<? extends Future<?>> children) {
        return children.stream().map(GroupText::letterOf).collect(Collectors.joining());
    }

    private static String inList(Object value) {
        return value instanceof Outcome<?> outcome
                ? outcome instanceof Outcome.Success<?> success
                        ? String.valueOf(success.value())
                        : outcome instanceof Outcome.Failure<?> failure
                                ? "✗" + of(failure.exception())
                                : "–"
                : String.valueOf(value);
    }

    private static String letterOf(Future<?> child) {
        for (int i = 0; i < GroupRun.NAMES.length(); i++) {
            if (child.toString().contains("\"" + Origin.nameOf(i) + "\"")) {
                return GroupRun.NAMES.substring(i, i + 1);
            }
        }
        throw new AssertionError("none of the children: " + child);
    }
}
