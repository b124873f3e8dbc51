package io.github.coro4j;

import io.github.coro4j.spi.Label;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks arguments. Each error names the parameter, and says what to do (R3). */
final class Arguments {
    private Arguments() {}

    static void notNull(@Nullable Object value, String parameter, String wayOut) {
        if (value == null) {
            throw new NullPointerException(parameter + " must not be null: " + wayOut);
        }
    }

    /** Refuses a name that is blank, because messages could not show it. */
    static void notBlank(@Nullable String value, String parameter, String wayOut) {
        notNull(value, parameter, wayOut);
        if (value != null && value.trim().isEmpty()) {
            throw new IllegalArgumentException(
                    parameter
                            + " must not be blank: messages, reports and dumps show it; "
                            + wayOut);
        }
    }

    static void notNullAt(@Nullable Object value, String parameter, int index) {
        if (value == null) {
            throw new NullPointerException(
                    parameter
                            + "["
                            + index
                            + "] must not be null: leave it out, or give Future.completed(null)");
        }
    }

    /** Returns an initial capacity. A collection of the user may report a wrong size, so the result has bounds. */
    static int capacity(Object items) {
        return items instanceof Collection<?> c ? Math.max(0, Math.min(c.size(), 1 << 20)) : 10;
    }

    /** Returns the futures of a combination, after a check. Their parameters are called a, b and so on. */
    static List<Future<?>> combined(Future<?>... futures) {
        for (int i = 0; i < futures.length; i++) {
            notNull(futures[i], String.valueOf((char) ('a' + i)), "give Future.completed(null)");
        }
        return Arrays.asList(futures);
    }

    static void notNullUnder(@Nullable Object value, String parameter, @Nullable Object key) {
        if (value == null) {
            throw new NullPointerException(
                    parameter
                            + "["
                            + Label.ofKey(key)
                            + "] must not be null: leave the key out, or give Future.completed(null)");
        }
    }

    static <K extends @Nullable Object, V> void putNew(
            java.util.Map<K, V> map, K key, @Nullable V value) {
        if (value == null) {
            notNull(value, "the future under the key " + Label.ofKey(key), "leave it out");
        }
        if (map.containsKey(key)) {
            throw new IllegalStateException(
                    "two elements have the key "
                            + Label.ofKey(key)
                            + "; give each a key of its own");
        }
        map.put(key, value);
    }

    static void notNegative(@Nullable Duration value, String parameter, String wayOut) {
        notNull(value, parameter, wayOut);
        if (value != null && value.isNegative()) {
            throw new IllegalArgumentException(
                    parameter + " must not be negative, but is " + value + ": " + wayOut);
        }
    }

    static void positive(@Nullable Duration value, String parameter, String wayOut) {
        notNull(value, parameter, wayOut);
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(
                    parameter + " must be longer than zero, but is " + value + ": " + wayOut);
        }
    }
}
