@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.job

import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi

/** A job that runs user code. It is the current task wherever that code runs. */
internal abstract class UserCodeJob<T>(
    owner: JobOwner,
    context: CoroutineContext = EmptyCoroutineContext,
) : FutureJob<T>(owner, context) {
    /** The progress, for dumps. */
    abstract val progress: Progress

    /** The thread that runs this job, or null. */
    abstract val threadState: ThreadState?

    /**
     * Returns what this job waits for with a limit, for dumps. Such a wait is part of no circle.
     */
    open fun waitsInTimeFor(): Awaitable? = null

    /** The task listeners of this job, or null if there are none. */
    protected open val listeners: TaskListeners?
        get() = scope.taskListeners

    final override fun markCancelling(reason: String?, origin: CancellationException?): Boolean {
        val listeners = listeners ?: return super.markCancelling(reason, origin)
        return listeners.cancelling(this) { super.markCancelling(reason, origin) }
    }

    // ---- called on the thread that runs this job

    /**
     * Keeps a cancel from interrupting this job. Returns false if an interrupt is being delivered.
     */
    open fun beginHelping(): Boolean = true

    open fun endHelping() = Unit

    /** Waits until an interrupt that is being delivered to this job has arrived. */
    open fun awaitInterrupt() = Unit

    /**
     * Records that other user code begins above this job on the stack of [state]. Returns true if
     * [uncovered] must follow.
     */
    open fun covered(state: ThreadState): Boolean = false

    open fun uncovered(state: ThreadState) = Unit

    /** Returns the wait that holds the thread of [state] in a coroutine of this job, or null. */
    open fun blockingWait(awaited: Awaitable, state: ThreadState): BlockingCoroutineWait? = null

    /** True if any number of threads may run parts of this job. */
    open val isCoroutine: Boolean
        get() = false

    /** Calls [waiter] at a cancel. Returns null if a cancel wakes the thread by itself. */
    open fun wakeOnCancel(waiter: Waiter): DisposableHandle? = null
}

/** A wait that holds a thread in a coroutine, as the search for circles sees it. */
internal interface BlockingCoroutineWait {
    fun begin()

    fun end()

    /** Returns whether [other] cannot end before this wait has. */
    fun isBlocked(other: Awaitable): Boolean
}

/**
 * Returns what must end before the thread of [state] returns to [below], or null. A part of a
 * coroutine returns when it is suspended, so for a coroutine only the wait of a blocked thread
 * counts.
 */
internal fun above(below: UserCodeJob<*>, state: ThreadState): Awaitable? {
    val top = state.current
    if (top === below) return null
    if (top == null || !top.isCoroutine) return top
    val mustWait = state.mustWait
    return state.waitingFor.takeUnless { top.isCancelled && !mustWait }
}
