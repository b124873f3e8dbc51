package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Future} that your code completes by hand: the bridge from callback APIs.
 *
 * <pre>{@code
 * Promise<String> answer = Promise.create();
 * client.ask("how many?", new Handler() {
 *   public void onAnswer(String text) { answer.complete(text); }
 *   public void onError(Exception e) { answer.fail(e); }
 * });
 * String text = answer.join();
 * }</pre>
 *
 * <p>Exactly one of {@link #complete}, {@link #fail} and {@link #cancel(String)} wins, from whatever threads they are
 * called; the winner gets {@code true}, and every reader sees the winner's end. Cancelling a promise ends it at once:
 * there is no body to wait for.
 *
 * <p>A promise has no scope that ends it. Unless your code completes it, it stays pending, and a thread that waits for
 * it keeps waiting. Its callbacks run, and its unread failure is reported, as those of the scope in which it was
 * created: that of the current task, or the global one.
 *
 * <p><b>Memory effects.</b> What a thread did before it completed the promise happens-before every read of the end and
 * every callback.
 *
 * @param <T> the type of the result
 */
public interface Promise<T extends @Nullable Object> extends Future<T> {

    /**
     * Creates a pending promise.
     *
     * @param <T> the type of the result
     * @return a pending promise
     */
    static <T extends @Nullable Object> Promise<T> create() {
        return EngineLookup.engine().promise();
    }

    /**
     * Ends this promise with a value, if it has not ended. The callbacks do not run on this stack.
     *
     * @param value the value; may be null
     * @return true if this call ended it; false if it had already ended
     */
    boolean complete(T value);

    /**
     * Ends this promise with a failure, if it has not ended. A {@link java.util.concurrent.CancellationException} given
     * here is a failure like any other; to cancel, call {@link #cancel(String)}.
     *
     * @param exception the failure
     * @return true if this call ended it; false if it had already ended, and then the exception is yours to handle
     * @throws NullPointerException if {@code exception} is null
     */
    boolean fail(Throwable exception);

    /**
     * Names this promise in messages, reports and dumps, like {@link Future#named}.
     *
     * @param name the name, for messages, reports and dumps
     * @return this promise
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is blank
     */
    @Override
    Promise<T> named(String name);
}
