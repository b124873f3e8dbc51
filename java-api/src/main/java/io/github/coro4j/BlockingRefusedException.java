package io.github.coro4j;

/**
 * Thrown if a {@link BlockingGuard} does not let the calling thread wait. What the thread wanted to wait for goes on. A
 * refused {@code close} is the exception: its scope closes without that thread.
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
