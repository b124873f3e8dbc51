package io.github.coro4j;

/**
 * Receives reports of failures that would otherwise vanish. Pass a listener to
 * {@link TaskScope.Builder#failureListener}; the default logs each report with {@code java.util.logging}, at level
 * {@code SEVERE}, to the logger {@code io.github.coro4j}.
 *
 * <p>Called on the thread on which the failure came to light: the thread of a callback, the thread that closes the
 * scope, or a thread of the engine. Several threads may call a listener at once. It must not block. If it throws, both
 * failures are logged and nothing else is affected.
 */
@FunctionalInterface
public interface FailureListener {

    /**
     * Receives the report of a failure that would otherwise vanish.
     *
     * @param report what failed
     */
    void onFailure(FailureReport report);
}
