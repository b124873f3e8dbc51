package io.github.coro4j;

/**
 * The registration of a callback or of a hook of {@link Task#onCancel}, which can remove it.
 *
 * <pre>{@code
 * Registration r = task.addDoneCallback(f -> System.out.println("done"));
 * if (r.remove()) {
 *   // "done" will never be printed
 * }
 * }</pre>
 *
 * <p>Removing is exact: if {@link #remove()} returns true, the callback or hook has not run and will not run. One that
 * is running is not interrupted. Any thread may call both methods, any number of times.
 */
public interface Registration extends AutoCloseable {

    /**
     * Removes the callback or hook if it has not begun to run.
     *
     * @return true if this call removed it; false if it has run, is running or was removed before
     */
    boolean remove();

    /**
     * Removes the callback or hook like {@link #remove()}. If it is a hook of {@link Task#onCancel} that is running,
     * waits until it has returned.
     *
     * @throws DeadlockException if such a hook waits for the calling body
     */
    @Override
    void close();
}
