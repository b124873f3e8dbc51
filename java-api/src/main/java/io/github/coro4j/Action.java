package io.github.coro4j;

/** A body without a value, which may throw anything a body may throw. Given to {@code launch}. */
@FunctionalInterface
public interface Action {

    /**
     * Does the work, on a thread of the scope's executor.
     *
     * @throws Exception whatever goes wrong; the task then fails with that very object
     */
    void run() throws Exception;
}
