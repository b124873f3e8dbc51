package io.github.coro4j;

/**
 * Reports that a {@link BlockingGuard} refused a wait. A refused {@code join} or {@code get} changes nothing: the work runs
 * on. A refused {@code close} or {@code TaskScope.run} still closes the scope, which cancels its work. A refused
 * {@code cancelAndJoin} has requested the cancel. {@code Suspend.runBlocking}, {@code invokeAll} and {@code invokeAny} start
 * nothing.
 */
public final class BlockingRefusedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception, for the engine.
     *
     * @param message which wait was refused, and the way out
     */
    public BlockingRefusedException(String message) {
        super(message);
    }
}
