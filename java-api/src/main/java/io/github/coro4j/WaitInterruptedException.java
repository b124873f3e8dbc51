package io.github.coro4j;

import java.util.concurrent.CancellationException;

/**
 * Thrown if a <em>wait</em> was interrupted: the waiting thread was interrupted, or the task that waited was cancelled.
 * The awaited work runs on. The interrupt flag of the thread is set when this is thrown.
 *
 * <p>{@link Future#join()} throws a {@link TaskCancelledException} instead if the <em>awaited</em> future was
 * cancelled. Do not catch this exception, or throw it again after a clean-up.
 */
public final class WaitInterruptedException extends CancellationException {
    private static final long serialVersionUID = 1L;

    // A field of its own keeps kotlinx.coroutines from copying it, like TaskCancelledException.
    /** The name of the task or thread that waited. */
    private final String waiter;

    /**
     * Creates an exception, for the engine.
     *
     *
     * @param waiter the name of the task or thread that waited
     * @param message what happened, and the awaited work
     */
    public WaitInterruptedException(String waiter, String message) {
        super(message);
        this.waiter = waiter;
    }

    /** {@return the name of the task that waited, or of the thread if it runs no task} */
    public String waiter() {
        return waiter;
    }
}
