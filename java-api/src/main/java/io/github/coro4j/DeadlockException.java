package io.github.coro4j;

import java.util.List;

/**
 * Thrown if a wait could never end, because it would close a <em>circle</em> of tasks that wait for each other. Only
 * the task whose wait would close the circle gets this exception; the other tasks are not affected.
 */
public final class DeadlockException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> circle;

    /**
     * Creates an exception, for the engine.
     *
     * @param message which wait was refused, the circle, and the way out
     * @param circle the names around the circle
     */
    public DeadlockException(String message, List<String> circle) {
        super(message);
        this.circle = List.copyOf(circle);
    }

    /**
     * Returns the names around the circle: each waits for the next, and the last waits for the first.
     *
     * @return an unmodifiable list; empty after deserialization
     */
    public List<String> circle() {
        return circle == null ? List.of() : circle;
    }
}
