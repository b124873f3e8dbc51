package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * The main body of {@link TaskScope#run}.
 *
 * @param <T> the type of its value
 */
@FunctionalInterface
public interface ScopeBody<T extends @Nullable Object> {

    /**
     * Does the work, on the thread that called {@link TaskScope#run}.
     *
     * @param scope the scope that was opened for this run
     * @return the value of the run
     * @throws Exception whatever goes wrong; the tasks of the scope are then cancelled
     */
    T run(TaskScope scope) throws Exception;
}
