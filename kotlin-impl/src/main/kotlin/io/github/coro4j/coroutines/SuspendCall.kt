package io.github.coro4j.coroutines

import kotlin.coroutines.Continuation

/**
 * A call of a suspend function, as Java writes it: `c -> repository.load(42, c)`, or
 * `repository::loadAll` for a function without parameters. To Java a suspend function has one more
 * parameter, a `Continuation`, and returns an `Object`; both are passed on, and neither is looked
 * at.
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

/** As [SuspendCall], for a suspend function without a result: one that returns `Unit`. */
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
