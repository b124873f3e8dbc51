package io.github.coro4j;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of what callers hand in; each error names the parameter and the way out (rule R3). */
final class Arguments {
    private Arguments() {}

    static void notNull(@Nullable Object value, String parameter) {
        if (value == null) {
            throw new NullPointerException(parameter + " must not be null");
        }
    }

    /** For names: they stand in messages, where an empty one would say nothing. */
    static void notBlank(@Nullable String value, String parameter) {
        notNull(value, parameter);
        if (value != null && value.trim().isEmpty()) {
            throw new IllegalArgumentException(
                    parameter
                            + " must not be blank; it stands in every message about the thing it names");
        }
    }

    static void notNullAt(@Nullable Object value, String parameter, int index) {
        if (value == null) {
            throw new NullPointerException(
                    parameter + "[" + index + "] must not be null; nothing was started");
        }
    }

    static void notNegative(@Nullable Duration value, String parameter) {
        notNull(value, parameter);
        if (value != null && value.isNegative()) {
            throw new IllegalArgumentException(
                    parameter + " must not be negative, but is " + value);
        }
    }

    static void positive(@Nullable Duration value, String parameter) {
        notNull(value, parameter);
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(
                    parameter
                            + " must be longer than zero, but is "
                            + value
                            + "; give at least 1 ms");
        }
    }
}
