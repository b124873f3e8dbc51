package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * A function that may throw a checked exception.
 *
 * @param <T> what it is given
 * @param <R> what it returns
 */
@FunctionalInterface
public interface ThrowingFunction<T extends @Nullable Object, R extends @Nullable Object> {

    /**
     * Applies the function, on a thread of the scope's executor.
     *
     * @param value what it is given
     * @return what it makes of it
     * @throws Exception whatever goes wrong; the future that runs the function then fails with that very object
     */
    R apply(T value) throws Exception;
}
