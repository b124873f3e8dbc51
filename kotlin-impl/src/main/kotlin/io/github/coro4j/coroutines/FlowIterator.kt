package io.github.coro4j.coroutines

/**
 * Iterates over the items of a Kotlin `Flow`; see `Flows.iterator`. Only one thread at a time may
 * use it.
 *
 * @param T the type of the items
 */
public interface FlowIterator<T> : Iterator<T>, AutoCloseable {
    /**
     * Waits until the flow has another item or has ended.
     *
     * @return whether the flow has another item
     * @throws java.util.concurrent.CompletionException if the flow has failed; its cause is the
     *   original exception
     * @throws java.util.concurrent.CancellationException if the flow was cancelled, for example
     *   with its scope
     * @throws io.github.coro4j.WaitInterruptedException if the thread was interrupted or its task
     *   was cancelled; the flow stays where it is, and the caller must close this iterator
     * @throws IllegalStateException if the scope was closed before the caller asked for the first
     *   item
     */
    override fun hasNext(): Boolean

    /**
     * Returns the next item, and waits for it if necessary.
     *
     * @return the item, which may be null
     * @throws NoSuchElementException if there is no next item, and after [close]
     */
    override fun next(): T

    /**
     * Cancels the flow if it has not ended, and returns when it has stopped. An interrupt does not
     * end this wait, and the flag stays set. Closing again does nothing.
     */
    override fun close()
}
