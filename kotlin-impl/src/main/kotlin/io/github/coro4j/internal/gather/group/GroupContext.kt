package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.spi.Label

/**
 * What the thread that called the policy held, captured once for all user code of a group. A group
 * has no such object if nothing is propagated.
 */
internal class GroupContext
private constructor(
    @JvmField val propagators: ContextPropagators,
    @Volatile @JvmField var captured: Any?,
) {
    /** Releases what was captured, once no user code of the group runs any more. */
    fun forget() {
        captured = null
    }

    /** The context for the report of a failure, or null after [forget]. */
    val failureContext: FailureContext?
        get() = FailureContext.of(propagators, captured)

    companion object {
        /** Captures what the calling thread holds, or returns null if nothing is propagated. */
        fun capture(scope: JobScope, verb: String, name: String?): GroupContext? {
            val propagators = scope.propagators ?: return null
            val captured = propagators.capture {
                val which = name?.let { Label.of("gather", it) } ?: "a gather"
                "$verb of $which was not called in ${scope.toLabel()}"
            }
            return GroupContext(propagators, captured)
        }
    }
}

/** Runs [code] of the user in this context, for the body of [whose]. */
internal inline fun <V> GroupContext?.run(whose: FutureJob<*>, code: () -> V): V {
    val captured = this?.captured ?: return code()
    return propagators.around(captured, whose, code)
}

/** Runs a callback of [whose] in this context. It runs even if a propagator throws. */
internal inline fun GroupContext?.runCallback(whose: FutureJob<*>, callback: () -> Unit) {
    val captured = this?.captured ?: return callback()
    propagators.aroundCallback(captured, whose, callback)
}
