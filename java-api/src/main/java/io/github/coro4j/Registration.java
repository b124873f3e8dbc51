package io.github.coro4j;

/**
 * The registration of a callback, which can remove the callback.
 *
 * <pre>{@code
 * Registration r = task.addDoneCallback(f -> System.out.println("done"));
 * if (r.remove()) {
 *   // "done" will never be printed
 * }
 * }</pre>
 *
 * <p>Removing is exact: if {@link #remove()} returns true, the callback has not run and will not run. A callback that
 * is running is not interrupted. Any thread may call both methods, any number of times.
 */
public interface Registration extends AutoCloseable {

    /**
     * Removes the callback if it has not begun to run.
     *
     * @return true if this call removed it; false if it has run, is running or was removed before
     */
    boolean remove();

    /** Removes the callback like {@link #remove()}, at the end of a {@code try} block. */
    @Override
    void close();
}
