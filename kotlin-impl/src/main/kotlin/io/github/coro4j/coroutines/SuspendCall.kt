package io.github.coro4j.coroutines

import kotlin.coroutines.Continuation

/**
 * Calls a suspend function from Java: `c -> repository.load(42, c)`, or `repository::loadAll` for a
 * function without parameters. In Java a suspend function has an additional last parameter, a
 * `Continuation`, and returns an `Object`. Pass both on unchanged.
 *
 * @param T the type of the function's result, which Java infers
 */
public fun interface SuspendCall<T> {
    /**
     * Calls the function, once.
     *
     * @param continuation the last argument of the suspend function
     * @return what the function returned, unchanged
     * @throws Exception if the function throws
     */
    @Throws(Exception::class)
    public fun call(continuation: Continuation<@JvmSuppressWildcards T>): Any?
}

/**
 * Calls a suspend function for one item, from Java: `(id, c) -> repository.load(id, c)`. See
 * [SuspendCall].
 *
 * @param I the type of the items
 * @param T the type of the function's result
 */
public fun interface SuspendItemCall<I, T> {
    /**
     * Calls the function, once for each item.
     *
     * @param item the item
     * @param continuation the last argument of the suspend function
     * @return what the function returned, unchanged
     * @throws Exception if the function throws
     */
    @Throws(Exception::class)
    public fun call(item: I, continuation: Continuation<@JvmSuppressWildcards T>): Any?
}

/** Calls a suspend function that returns `Unit`, from Java; see [SuspendCall]. */
public fun interface SuspendAction {
    /**
     * Calls the function, once.
     *
     * @param continuation the last argument of the suspend function
     * @return what the function returned, unchanged
     * @throws Exception if the function throws
     */
    @Throws(Exception::class) public fun call(continuation: Continuation<Unit>): Any?
}
