package io.github.coro4j;

import java.util.List;

/**
 * Says that a wait could never end, because it would close a circle of tasks that wait for each other. Thrown in the
 * task whose wait would have closed the circle; the other tasks are not touched.
 */
public final class DeadlockException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> circle;

    /**
     * For the engine.
     *
     * @param message which wait was refused, the circle, and the way out
     * @param circle the names around the circle
     */
    public DeadlockException(String message, List<String> circle) {
        super(message);
        this.circle = List.copyOf(circle);
    }

    /**
     * The names around the circle: each waits for the next, and the last for the first.
     *
     * @return an unmodifiable list; empty after deserialization
     */
    public List<String> circle() {
        return circle == null ? List.of() : circle;
    }
}
