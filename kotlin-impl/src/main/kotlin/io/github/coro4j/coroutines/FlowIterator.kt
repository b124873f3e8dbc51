package io.github.coro4j.coroutines

/**
 * The items of a Kotlin `Flow`, one after the other; see `Flows.iterator`. For one thread at a
 * time.
 *
 * @param T the type of the items
 */
public interface FlowIterator<T> : Iterator<T>, AutoCloseable {
    /**
     * Waits until the flow has another item, or has ended.
     *
     * @return whether there is one
     * @throws java.util.concurrent.CompletionException if the flow has failed; its cause is the
     *   original
     * @throws java.util.concurrent.CancellationException if the flow was cancelled, as with its
     *   scope
     * @throws io.github.coro4j.WaitInterruptedException if the thread was interrupted or its task
     *   cancelled; the flow stays where it is, and is to be closed
     * @throws IllegalStateException if the scope was closed before the first item was asked for
     */
    override fun hasNext(): Boolean

    /**
     * The next item, waited for if need be.
     *
     * @return the item, which may be null
     * @throws NoSuchElementException if there is none, and after [close]
     */
    override fun next(): T

    /**
     * Cancels the flow if it has not ended, and returns when it has stopped. An interrupt does not
     * cut that short, and is kept. Closing again does nothing.
     */
    override fun close()
}
