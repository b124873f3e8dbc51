package io.github.coro4j.interop.gather;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Says how a group has ended, in the words of docs/gather.md. */
final class GroupText {
    private GroupText() {}

    static String of(Outcome<?> end) {
        if (end instanceof Outcome.Cancelled<?>) {
            return "is cancelled";
        }
        if (end instanceof Outcome.Failure<?> failure) {
            return "fails with " + of(failure.exception());
        }
        return "succeeds with " + of(((Outcome.Success<?>) end).value());
    }

    private static String of(Throwable exception) {
        if (exception instanceof CancellationException) {
            return cancellationOf(exception);
        }
        String suppressed =
                Arrays.stream(exception.getSuppressed())
                        .filter(each -> !(each instanceof CancellationException))
                        .map(each -> each.getMessage() + "'s")
                        .collect(Collectors.joining(", "));
        return (exception instanceof TimeoutException
                        ? "a `TimeoutException`"
                        : exception.getMessage() + "'s exception")
                + (suppressed.isEmpty() ? "" : " (suppressed: " + suppressed + ")");
    }

    private static String of(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(GroupText::inList).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Partition<?> parts) {
            return "done " + letters(parts.done()) + ", pending " + letters(parts.pending());
        }
        return inList(value);
    }

    private static String letters(Set<? extends Future<?>> children) {
        return children.stream()
                .map(child -> letterIn(child.toString()))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String inList(Object value) {
        if (!(value instanceof Outcome<?> outcome)) {
            return String.valueOf(value);
        }
        if (outcome instanceof Outcome.Success<?> success) {
            return String.valueOf(success.value());
        }
        Throwable exception = outcome.exceptionOrNull();
        return outcome instanceof Outcome.Failure<?>
                ? exception.getMessage() + "'s failure"
                : cancellationOf(exception);
    }

    private static String cancellationOf(Throwable exception) {
        return letterIn(exception.getMessage()) + "'s cancellation";
    }

    private static String letterIn(String text) {
        for (int i = 0; i < GroupRun.NAMES.length(); i++) {
            if (text.contains(Origin.nameOf(i))) {
                return GroupRun.NAMES.substring(i, i + 1);
            }
        }
        throw new AssertionError("none of the children: " + text);
    }
}
