package io.github.coro4j.internal.job

import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.context.PropagationUser

/**
 * The captured context of code that has failed. The failure listener is called with it installed
 * (R27). It belongs to the [propagators] that have captured it, because a failure can pass on to a
 * scope with others.
 */
internal class FailureContext
private constructor(private val propagators: ContextPropagators, private val captured: Any) {
    /** Calls [report] with this context, or without it if a propagator throws. */
    fun around(whose: PropagationUser, report: () -> Unit) =
        propagators.aroundCallback(captured, whose, report)

    companion object {
        /**
         * Returns a context, or null if nothing was [captured]. Also returns null if the heap is
         * full, because the report matters more than its context.
         */
        fun of(propagators: ContextPropagators?, captured: Any?): FailureContext? =
            if (propagators == null || captured == null) null
            else unlessHeapIsFull { FailureContext(propagators, captured) }
    }
}

/** Calls [report] in this context, if there is one. */
internal fun FailureContext?.aroundReport(whose: PropagationUser, report: () -> Unit) =
    if (this == null) report() else around(whose, report)

/**
 * The source of a failure, in the slot of a job that is about to fail: the end [from] which the job
 * takes it over, or null, and the [context] for a report.
 */
internal class FailureSource
private constructor(@JvmField val from: UnreadFailure?, @JvmField val context: FailureContext) {
    companion object {
        /** Returns what to put into the slot. This is [from] itself if there is no [context]. */
        fun of(from: UnreadFailure?, context: FailureContext?): Any? =
            if (context == null) from else unlessHeapIsFull { FailureSource(from, context) } ?: from
    }
}

private inline fun <R : Any> unlessHeapIsFull(make: () -> R): R? =
    try {
        make()
    } catch (e: OutOfMemoryError) {
        null
    }
