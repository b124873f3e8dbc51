package io.github.coro4j;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * An executor that runs everything on one thread, such as that of a user interface, and can tell which thread that is.
 *
 * <pre>{@code
 * ThreadBoundExecutor ui = ThreadBoundExecutor.of(SwingUtilities::invokeLater, SwingUtilities::isEventDispatchThread);
 * TaskScope window = TaskScope.builder().name("window").callbackExecutor(ui).open();
 * }</pre>
 *
 * <p>With a plain executor, {@code close()} on that thread never returns if a callback still has to run there. With this
 * type, the engine sees it: a wait without a limit, for a body or callback that only the waiting thread could run,
 * throws a {@link DeadlockException}. The engine checks
 * once, when the wait begins, so it does not see work that other threads add later.
 */
public interface ThreadBoundExecutor extends Executor {

    /**
     * Returns whether the calling thread runs the work of this executor. The engine calls this method on each thread that is
     * about to wait. An implementation must not block. If it throws, the engine takes the answer as false.
     *
     * @return true on that thread
     */
    boolean isCurrentThread();

    /**
     * Makes an executor from two functions of a framework.
     *
     * @param executor runs the work on one thread, later
     * @param isCurrentThread tells whether the calling thread is that thread
     * @return a new executor, which passes its work on to {@code executor}
     */
    static ThreadBoundExecutor of(Executor executor, BooleanSupplier isCurrentThread) {
        Arguments.notNull(executor, "executor", "give what runs the work on the thread");
        Arguments.notNull(
                isCurrentThread, "isCurrentThread", "give what tells whether this is the thread");
        return new ThreadBoundExecutor() {
            @Override
            public void execute(Runnable work) {
                executor.execute(work);
            }

            @Override
            public boolean isCurrentThread() {
                return isCurrentThread.getAsBoolean();
            }

            @Override
            public String toString() {
                return "ThreadBoundExecutor of " + executor;
            }
        };
    }
}
