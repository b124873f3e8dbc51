package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.FutureJob

/** Runs [code] of the user with the context that the group captured, for the body of [whose]. */
internal inline fun <V> GroupJob<*, *>.inContext(whose: FutureJob<*>, code: () -> V): V {
    val captured = captured ?: return code()
    return owner.scope.propagators!!.around(captured, whose, code)
}

/**
 * Runs a callback with the context that the group captured. It runs even if a propagator throws.
 */
internal inline fun GroupJob<*, *>.callbackInContext(callback: () -> Unit) {
    val captured = captured ?: return callback()
    owner.scope.propagators!!.aroundCallback(captured, this, callback)
}

/** Releases the captured context, once no user code of the group runs any more. */
internal fun GroupJob<*, *>.forgetContext() {
    captured = null
}
