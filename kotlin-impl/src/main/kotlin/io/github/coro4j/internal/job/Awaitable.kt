package io.github.coro4j.internal.job

import io.github.coro4j.internal.time.TimerOwner
import java.util.concurrent.Executor

/** Something that a thread can wait for, such as a job, or all work of a scope. */
internal interface Awaitable : TimerOwner {
    val isOver: Boolean

    val kind: String

    fun name(): String

    /** Returns kind and name for messages: `task "load"`. */
    override fun toLabel(): String

    /** Calls [waiter], on any thread, when this is over or may be. */
    fun subscribe(waiter: Waiter)

    /** Removes [waiter], which is stale now and need not be called any more. */
    fun unsubscribe(waiter: Waiter)

    /** Calls [visit] with each thing that must end, or must run, before this one can end. */
    fun dependencies(visit: (Awaitable) -> Unit)

    /**
     * Throws if the calling thread, which is about to block, runs code that must end before this
     * can. Only for what the search for circles does not find: callbacks, and cancelled tasks.
     */
    fun refuseFromInside() = Unit

    /** Calls [visit] with each thing whose end may end this one. A waiting thread can run them. */
    fun contributors(visit: (Awaitable) -> Unit) = dependencies(visit)

    /**
     * True if this cancels what it depends on once a time has passed. That opens a circle of waits,
     * unless a wait in it survives a cancel.
     */
    @get:JvmSynthetic
    val endsInTime: Boolean
        get() = false

    /** True if this is all work of a scope or of an executor, and not one future. */
    @get:JvmSynthetic
    val isWholeScope: Boolean
        get() = false

    /** True if this may end before all that it depends on. */
    @get:JvmSynthetic
    val mayEndEarly: Boolean
        get() = false

    /** True if this may end as soon as one of those that it depends on has succeeded. */
    @get:JvmSynthetic
    val endsByOne: Boolean
        get() = false

    /**
     * True if another thread is about to end this, or to report the end of what this depends on. A
     * search for circles then looks again.
     */
    @get:JvmSynthetic
    val isUnsettled: Boolean
        get() = false

    /** The limit for a permit of which this waits, for messages, or null. */
    @get:JvmSynthetic
    val waitsForPermitOf: String?
        get() = null

    /** True if this cannot end before the calling thread has returned to its dispatcher. */
    @get:JvmSynthetic
    val needsThisThread: Boolean
        get() = false

    /** Returns a body in the queue of [executor] whose run may end this, or null. */
    @JvmSynthetic fun queuedBody(executor: Executor): BodyJob<*>? = null

    /** Returns the scope whose queued coroutines this may need, or null. */
    @get:JvmSynthetic
    val scopeToTakeOver: JobScope?
        get() = null
}

/** Wakes a waiting thread or coroutine. */
internal abstract class Waiter : Runnable {
    /** True once the waiter waits no longer. */
    open val isStale: Boolean
        get() = false
}
