package io.github.coro4j;

import io.github.coro4j.spi.Exceptions;
import org.jspecify.annotations.Nullable;

/**
 * The text of a record, made from literal names. The text that the compiler generates takes the names from the class
 * file, where R8 has renamed them.
 */
final class RecordText {
    private RecordText() {}

    /**
     * Returns {@code Type[name=value, ...]}, as the compiler would. If {@code toString} of an exception throws, its class
     * replaces its text.
     */
    static String of(String type, @Nullable Object... namesAndValues) {
        StringBuilder text = new StringBuilder(type).append('[');
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (i > 0) {
                text.append(", ");
            }
            Object value = namesAndValues[i + 1];
            text.append(namesAndValues[i])
                    .append('=')
                    .append(value instanceof Throwable e ? Exceptions.text(e) : value);
        }
        return text.append(']').toString();
    }
}
