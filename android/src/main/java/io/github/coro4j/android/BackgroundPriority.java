package io.github.coro4j.android;

import android.os.Process;
import io.github.coro4j.ThreadStart;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Gives the threads that run bodies a priority of Android. {@code ServiceLoader} creates it with
 * {@link Process#THREAD_PRIORITY_BACKGROUND}, so that bodies do not take processor time from the main thread. The threads
 * of timers keep the default priority, so that time limits are on time.
 *
 * <p>{@link Coro4jAndroid.Settings#priority} sets another priority.
 */
public final class BackgroundPriority implements ThreadStart {
    private final int priority;

    /** Creates an instance with {@link Process#THREAD_PRIORITY_BACKGROUND}. */
    public BackgroundPriority() {
        this(Process.THREAD_PRIORITY_BACKGROUND);
    }

    /**
     * Creates an instance with the given priority.
     *
     * @param priority a priority of {@link Process}, from -20 (most urgent) to 19
     * @throws IllegalArgumentException if the priority is out of range
     */
    public BackgroundPriority(int priority) {
        if (priority < -20 || priority > Process.THREAD_PRIORITY_LOWEST) {
            throw new IllegalArgumentException(
                    "priority must be from -20 to 19, but is "
                            + priority
                            + ": give a constant of android.os.Process");
        }
        this.priority = priority;
    }

    @Override
    public void onStart(Thread thread) {
        if (thread instanceof ForkJoinWorkerThread) {
            try {
                Process.setThreadPriority(priority);
            } catch (RuntimeException | LinkageError e) {
                // There is no Android here, or it does not allow this priority. The thread keeps
                // its own.
            }
        }
    }
}
