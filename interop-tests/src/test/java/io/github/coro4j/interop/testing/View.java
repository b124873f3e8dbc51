package io.github.coro4j.interop.testing;

import io.github.coro4j.Future;

/** A view of a future, used through the methods of its own type. */
public interface View<T> {
    /** Waits, and returns the value, or throws the exception of the future without a wrapper. */
    T read() throws Exception;

    /** Cancels the view. Its user then waits for nothing more. */
    void cancel();

    /** Returns whether the view has ended, or its user has left. */
    boolean isOver();

    /** Adds a listener that runs on the thread that ends the view. */
    void onEnd(Runnable listener);

    /** Returns a future of the view. */
    Future<T> toFuture();
}
