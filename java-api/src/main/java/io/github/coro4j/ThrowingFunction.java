package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * A function that may throw a checked exception.
 *
 * @param <T> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface ThrowingFunction<T extends @Nullable Object, R extends @Nullable Object> {

    /**
     * Applies the function. The method that takes this object says on which thread.
     *
     * @param value the argument
     * @return the result
     * @throws Exception if the function fails; the future of the function then fails with that very object
     */
    R apply(T value) throws Exception;
}
