package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link TaskScope#hedge}: the first success, and which attempt it was.
 *
 * @param <T> the type of the value
 * @param value what the winner returned
 * @param attempt the winner's number, from zero: 0 is the attempt that began first
 */
public record Hedged<T extends @Nullable Object>(T value, int attempt) {}
