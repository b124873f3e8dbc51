package io.github.coro4j;

import java.util.concurrent.CancellationException;

/**
 * Says that <em>your waiting</em> ended: the thread that waited was interrupted, or the task that waited was cancelled.
 * What was waited for runs on. The thread's interrupt flag is set when this is thrown.
 *
 * <p>It differs in type from {@link TaskCancelledException}, which {@link Future#join()} throws when the future that was
 * <em>waited for</em> has been cancelled. Let it pass, or clean up and let it pass.
 */
public final class WaitInterruptedException extends CancellationException {
    private static final long serialVersionUID = 1L;

    // As in TaskCancelledException: a field of its own keeps kotlinx.coroutines from copying it.
    /** Whose waiting ended. */
    private final String waiter;

    /**
     * For the engine.
     *
     * @param waiter whose waiting ended: a task or a thread, by name
     * @param message what happened, and what was waited for
     */
    public WaitInterruptedException(String waiter, String message) {
        super(message);
        this.waiter = waiter;
    }

    /**
     * Whose waiting ended.
     *
     * @return the name of the task that waited, or of the thread where no task was running
     */
    public String waiter() {
        return waiter;
    }
}
