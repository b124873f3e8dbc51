package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Future} that your code completes. Use it to turn an API with callbacks into a future.
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
 * <p>Several threads may call {@link #complete}, {@link #fail} and {@link #cancel(String)}. Exactly one call wins and
 * returns true, and every reader sees the outcome of that call. Cancelling a promise ends it at once, because there is
 * no body to wait for.
 *
 * <p>No scope ends a promise. Until your code completes, fails or cancels it, it stays pending, and a thread that waits
 * for it keeps waiting. But it uses the {@linkplain Task#current() current scope} of its creation: that scope's
 * callback executor runs the callbacks, and that scope's failure listener gets an unread failure.
 *
 * <p><b>Memory effects.</b> What a thread did before it ended the promise happens-before every read of the outcome and
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
     * Completes this promise with a value, if it is not done. Callbacks do not run on the stack of this call.
     *
     * @param value the value; may be null
     * @return true if this call ended the promise; false if it was already done
     */
    boolean complete(T value);

    /**
     * Fails this promise with an exception, if it is not done. A {@link java.util.concurrent.CancellationException} is
     * a failure like any other here; to cancel, call {@link #cancel(String)}.
     *
     * @param exception the failure
     * @return true if this call ended the promise; false if it was already done, and your code must handle the
     *     exception
     */
    boolean fail(Throwable exception);

    /**
     * Names this promise, like {@link Future#named}.
     *
     * @param name the name, for messages, reports and dumps
     * @return this promise
     * @throws IllegalArgumentException if {@code name} is blank
     */
    @Override
    Promise<T> named(String name);
}
