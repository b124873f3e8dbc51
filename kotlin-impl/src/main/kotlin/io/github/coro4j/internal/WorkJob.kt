@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi

/** A job with code of the user's: the current task, wherever that code runs. */
internal abstract class WorkJob<T>(
    owner: Owner,
    context: CoroutineContext = EmptyCoroutineContext,
) : FutureJob<T>(owner, context) {
    /** For dumps. */
    abstract val progress: Progress

    /** The thread that is in it; null while none is. */
    abstract val runner: Runner?

    /** For dumps: a wait with a limit, which is part of no circle. */
    open fun waitsInTimeFor(): Awaited? = null

    /** Who is told of its steps; null where nobody is. */
    protected open val listeners: Listeners?
        get() = scope.taskListeners

    final override fun ask(reason: String?, origin: CancellationException?): Boolean {
        val listeners = listeners ?: return super.ask(reason, origin)
        return listeners.asking(this) { super.ask(reason, origin) }
    }

    // ---- what a thread in it does; called there

    /** From now on a cancel must not interrupt it. False if one is being delivered. */
    open fun beginHelping(): Boolean = true

    open fun endHelping() = Unit

    /** If an interrupt of it is being delivered, it has been when this returns. */
    open fun awaitInterrupt() = Unit

    /**
     * Records that other user code begins above this job on the stack of [runner]. Returns true if
     * [uncovered] must follow.
     */
    open fun covered(runner: Runner): Boolean = false

    open fun uncovered(runner: Runner) = Unit

    /** Calls [wake] when it is asked to stop; null where a cancel wakes the thread by itself. */
    open fun wakeOnCancel(wake: Wake): DisposableHandle? = null
}
