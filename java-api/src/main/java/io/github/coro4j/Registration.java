package io.github.coro4j;

/**
 * What adding a callback returns; closing it removes the callback.
 *
 * <p>Removing is exact: when {@link #remove()} returns true, the callback has not run and will not run. A callback that
 * is running is not interrupted. Both methods may be called from any thread, any number of times.
 *
 * <pre>{@code
 * Registration r = task.addDoneCallback(f -> System.out.println("done"));
 * if (r.remove()) {
 *   // "done" will never be printed
 * }
 * }</pre>
 */
public interface Registration extends AutoCloseable {

    /**
     * Removes the callback if it has not begun to run.
     *
     * @return true if this call removed it: it has not run and will not; false if it has run, is running or was removed
     */
    boolean remove();

    /** Removes the callback like {@link #remove()}, for {@code try}-with-resources. */
    @Override
    void close();
}
