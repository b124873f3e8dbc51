@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.job

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.comesFromCancel
import io.github.coro4j.internal.job.JobBits.LEFT_WORK
import io.github.coro4j.internal.job.JobBits.TAKES_WORK
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
    /** False for the parent of the coroutines that are no tasks. */
    open val hasBody: Boolean
        get() = true

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
        val listeners = listeners ?: return markAndTake(reason, origin)
        return listeners.cancelling(this) { markAndTake(reason, origin) }
    }

    // ---- what the body has started (R31)

    /** What the body has started, or null. */
    abstract val started: StartedWork?

    /**
     * Returns [started], made at the first call, on a thread of the body. Returns null if the body
     * has left its work to the scope.
     */
    open fun startedWork(): StartedWork? = null

    /** False if what the body starts belongs to the scope alone. */
    open val ownsStarted: Boolean
        get() = true

    /**
     * True if the job ends in a few steps once it has left its work to the scope, so that a cancel
     * comes too late.
     */
    protected open val endsAfterLeaving: Boolean
        get() = true

    /** Makes the state cancelling, and takes the work unless the body has left it to the scope. */
    private fun markAndTake(reason: String?, origin: CancellationException?): Boolean {
        if (isDone) return false
        if (isCancelled) return true
        val isTaken = takeWork()
        if (!isTaken && endsAfterLeaving) {
            while (!isCompleted && !isCancelled && children.all { it.isCompleted }) Thread.yield()
            if (isCompleted) return false
        }
        try {
            return super.markCancelling(reason, origin)
        } catch (e: Throwable) {
            // After an error of the JVM, such as a full stack, the next request takes the work.
            if (isTaken && !isCancelled) forget(TAKES_WORK)
            throw e
        }
    }

    /**
     * Cancels this job, whose body has thrown [thrown], if that comes from a cancel of the scope
     * that has not reached this job yet. A job that the body started may have seen it first.
     */
    protected fun cancelIfFromScope(thrown: Throwable) {
        if (!isCancelled && scope.isEnding && comesFromCancel(thrown)) scope.cancelIfEnding(this)
    }

    private fun takeWork(): Boolean {
        while (true) {
            val seen = bits
            if (seen and LEFT_WORK != 0) return false
            if (replaceBits(seen, seen or TAKES_WORK)) return true
        }
    }

    /** True if the cancel of this job interrupts, so that it also interrupts its work. */
    open val wasInterrupted: Boolean
        get() = isInterruptRequested

    protected val hasLeftWork: Boolean
        get() = bits and LEFT_WORK != 0

    private val takesWork: Boolean
        get() = bits and TAKES_WORK != 0

    /** True if this job is cancelled, and the cancel takes the work. */
    val hasTakenWork: Boolean
        get() = takesWork && isCancelled

    /**
     * Leaves the work to the scope. Returns false if a cancel came before the end of the body, and
     * so takes the work.
     */
    protected fun leaveWork(): Boolean {
        while (true) {
            val seen = bits
            if (seen and TAKES_WORK == 0) {
                if (replaceBits(seen, seen or LEFT_WORK)) break
            } else {
                if (isCancelled) return false
                Thread.yield() // the cancelling thread is about to change the state
            }
        }
        started?.leaveAll()
        return true
    }

    final override fun deliver(reason: String?, interrupt: Boolean) {
        // Make the work cancelling before stopping the body, which may look at it.
        if (takesWork) {
            started?.let {
                Cancels.markAllCancelling(it.jobs(), reason, origin())
                it.hooks?.runAll()
            }
        }
        deliverCancel(reason, interrupt)
        cancelStarted(reason, interrupt)
    }

    /** Passes a cancel of this job on to its work. */
    protected fun cancelStarted(reason: String?, interrupt: Boolean) {
        // publish, then re-check: pairs with StartedWork.add
        val work = started ?: return
        if (takesWork)
            ThreadState.runOrDefer { restoringRequest { work.cancel(reason, interrupt, origin()) } }
    }

    /** Cancels [job], which the body has just started, if a cancel has taken the work before. */
    fun cancelIfTaken(job: FutureJob<*>) {
        if (!hasTakenWork) return
        val origin = origin()
        job.ownerEnded(OwnerEnd.STARTER, origin?.reason(), wasInterrupted, origin)
    }

    private fun origin() = getCancellationException() as? TaskCancelledException

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

    /** Warns if the code on this thread should suspend, and is about to block for [awaited]. */
    open fun warnOfBlocking(awaited: Awaitable, state: ThreadState) = Unit

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
