package io.github.coro4j.coroutines

import kotlin.coroutines.Continuation

/**
 * Calls a suspend function from Java: `c -> repository.load(42, c)`, or `repository::loadAll` for a
 * function without parameters. In Java a suspend function has one more parameter, a `Continuation`,
 * and returns an `Object`. Pass both on as they are.
 *
 * @param T the type of the function's result, which Java infers
 */
public fun interface SuspendCall<T> {
    /**
     * Calls the function, once.
     *
     * @param continuation to be passed on, as the last argument
     * @return what the function returned, as it is
     * @throws Exception what the function threw
     */
    @Throws(Exception::class)
    public fun call(continuation: Continuation<@JvmSuppressWildcards T>): Any?
}

/** Calls a suspend function that returns `Unit` from Java; see [SuspendCall]. */
public fun interface SuspendAction {
    /**
     * Calls the function, once.
     *
     * @param continuation to be passed on, as the last argument
     * @return what the function returned, as it is
     * @throws Exception what the function threw
     */
    @Throws(Exception::class) public fun call(continuation: Continuation<Unit>): Any?
}
