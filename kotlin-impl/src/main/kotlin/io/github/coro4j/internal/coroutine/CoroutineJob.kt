@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.isBlockedBy
import io.github.coro4j.spi.BuildInfo.seeError
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * A job whose user code is a set of coroutines. Any number of threads may run parts of it, or none.
 */
internal abstract class CoroutineJob<T>(owner: JobOwner, context: CoroutineContext) :
    UserCodeJob<T>(owner, context) {
    @Volatile private var waits: CoroutineWaits? = null

    private fun waits(): CoroutineWaits =
        madeOnce(this, { waits }) { CoroutineWaits().also { waits = it } }

    fun waitBegins(wait: CoroutineWait) = waits().add(wait)

    fun waitEnds(wait: CoroutineWait) = waits().remove(wait)

    /** Calls [action] for each wait that no cancel has ended. */
    fun forEachWait(action: (CoroutineWait) -> Unit) {
        waits?.forEachOpen(action)
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        started?.dependencies(visit)
        waits?.dependencies(this, visit)
        forEachScopeBelow(this) { visit(it) }
    }

    /**
     * Records that another body, or a part of another coroutine, begins above one of its
     * coroutines.
     */
    final override fun covered(state: ThreadState): Boolean {
        val coroutine = state.coroutine
        if (coroutine != null && !isBlockedBy(this, coroutine)) return false
        waits().cover(state)
        return true
    }

    final override fun uncovered(state: ThreadState) = waits().uncover(state)

    final override fun blockingWait(awaited: Awaitable, state: ThreadState): CoroutineWait? {
        val coroutine = state.coroutine ?: this
        if (!isBlockedBy(this, coroutine)) return null
        return CoroutineWait(this, coroutine, awaited, state.mustWait, holdsThread = true)
    }

    final override fun warnOfBlocking(awaited: Awaitable, state: ThreadState) {
        // Blocking is what the threads of `Dispatchers.IO` are for.
        if (state.part?.context?.get(ContinuationInterceptor) === Dispatchers.IO) return
        val site = scope.engine.blockingSites.newSite() ?: return
        DefaultFailureListener.warn {
            "a coroutine of ${toLabel()} blocks ${state.threadLabel} at $site while it waits " +
                "for ${awaited.toLabel()}; call await() there, which holds no thread. No later wait " +
                "at this place is logged. ${seeError("blocks-in-a-coroutine")}"
        }
    }

    final override val isCoroutine: Boolean
        get() = true

    @get:JvmSynthetic
    final override val scopeToTakeOver: JobScope
        get() = scope

    /**
     * Calls [waiter] at a cancel. No cancel interrupts the thread of a coroutine, because that
     * thread may run a part of another coroutine.
     */
    final override fun wakeOnCancel(waiter: Waiter): DisposableHandle? =
        invokeOnCompletion(onCancelling = true, invokeImmediately = true) { waiter.run() }

    /** True once this job has failed because a part of it could not run. */
    open val wasRefused: Boolean
        get() = false

    /** Fails, because an executor or dispatcher refused its coroutine with this [context]. */
    abstract fun couldNotRun(exception: Throwable, context: CoroutineContext)

    final override fun isRefusal(cause: Throwable): Boolean {
        val part = ThreadState.orNull()?.dispatching ?: return false
        if (!part.isRefusalOf(this)) return false
        couldNotRun(rejectionIn(cause), context)
        return true
    }

    /** Handles a failure to install captured context for one of its coroutines (R27). */
    abstract fun couldNotInstallContext(exception: Throwable)

    /** Does nothing, because kotlinx has already cancelled the suspended coroutines. */
    override fun deliverCancel(reason: String?, interrupt: Boolean) = Unit
}
