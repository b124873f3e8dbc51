package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link TaskScope#hedge}: the first success, and the number of its attempt.
 *
 * @param <T> the type of the value
 * @param value what the winner returned
 * @param attempt the number of the winner; 0 is the attempt that began first
 */
public record Hedged<T extends @Nullable Object>(T value, int attempt) {
    @Override
    public String toString() {
        return RecordText.of("Hedged", "value", value, "attempt", attempt);
    }
}
