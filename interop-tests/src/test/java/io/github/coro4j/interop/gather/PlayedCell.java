package io.github.coro4j.interop.gather;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has happened under one policy in one {@link Situation}, in words.
 *
 * @param future the end of the group's future
 * @param children what became of each child
 */
record PlayedCell(String future, List<String> children) {
    /** A child that the end of the group has left alone. */
    static final String RUNS_ON = "runs on";

    private static final String SUCCEEDS = "succeeds with ";

    /** Returns the value of the future, or its end if it has no value. */
    String value() {
        return future.startsWith(SUCCEEDS) ? future.substring(SUCCEEDS.length()) : future;
    }

    /** Returns this cell for a stream, whose elements are the value of the future. */
    PlayedCell ofStream() {
        return new PlayedCell(
                switch (future) {
                    case "is cancelled" -> "is closed";
                    case SUCCEEDS + "[]" -> "gives no child";
                    default -> "gives " + inAnyOrder(value().substring(1, value().length() - 1));
                },
                children);
    }

    /** Children that a timeout stops together may end in any order. */
    private static String inAnyOrder(String elements) {
        Matcher stopped =
                Pattern.compile("(\\w)'s cancellation, (\\w)'s cancellation").matcher(elements);
        return stopped.replaceAll(
                match ->
                        Stream.of(match.group(1), match.group(2))
                                .sorted()
                                .collect(Collectors.joining(" and ", "the cancellations of ", "")));
    }

    /** Returns how each child ends at last, without the distinction whether it ran on. */
    List<String> lastEnds() {
        return children.stream()
                .map(
                        child ->
                                child.equals(RUNS_ON)
                                        ? "succeeds"
                                        : child.replace(RUNS_ON + ", ", ""))
                .toList();
    }
}
