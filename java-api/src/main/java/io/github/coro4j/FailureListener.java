package io.github.coro4j;

/**
 * Is told of failures that would otherwise vanish. Given to {@link TaskScope.Builder#failureListener}; the default logs
 * each report with {@code java.util.logging}, at level {@code SEVERE}, to the logger {@code io.github.coro4j}.
 *
 * <p>Called on the thread on which the failure came to light: that of a callback, of whoever closes the scope, or a
 * thread of the engine; perhaps on several at once. Must not block. If it throws, both failures are logged and nothing
 * else is affected.
 */
@FunctionalInterface
public interface FailureListener {

    /**
     * Something failed and nobody was there to see it.
     *
     * @param report what failed
     */
    void onFailure(FailureReport report);
}
