package io.github.coro4j;

/** A body without a value that may throw a checked exception; see {@link TaskScope#launch(ThrowingRunnable)}. */
@FunctionalInterface
public interface ThrowingRunnable {

    /**
     * Does the work. The method that takes this object says on which thread.
     *
     * @throws Exception if the work fails; the future of the work then fails with that very object
     */
    void run() throws Exception;
}
