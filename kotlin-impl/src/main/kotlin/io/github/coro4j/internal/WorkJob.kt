@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi

/** A job that runs user code. It is the current task wherever that code runs. */
internal abstract class WorkJob<T>(
    owner: Owner,
    context: CoroutineContext = EmptyCoroutineContext,
) : FutureJob<T>(owner, context) {
    /** The progress, for dumps. */
    abstract val progress: Progress

    /** The thread that runs this job, or null. */
    abstract val runner: Runner?

    /**
     * Returns what this job waits for with a limit, for dumps. Such a wait is part of no circle.
     */
    open fun waitsInTimeFor(): Awaited? = null

    /** The task listeners of this job, or null if there are none. */
    protected open val listeners: Listeners?
        get() = scope.taskListeners

    final override fun ask(reason: String?, origin: CancellationException?): Boolean {
        val listeners = listeners ?: return super.ask(reason, origin)
        return listeners.asking(this) { super.ask(reason, origin) }
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
     * Records that other user code begins above this job on the stack of [runner]. Returns true if
     * [uncovered] must follow.
     */
    open fun covered(runner: Runner): Boolean = false

    open fun uncovered(runner: Runner) = Unit

    /** Calls [wake] at a cancel. Returns null if a cancel wakes the thread by itself. */
    open fun wakeOnCancel(wake: Wake): DisposableHandle? = null
}
