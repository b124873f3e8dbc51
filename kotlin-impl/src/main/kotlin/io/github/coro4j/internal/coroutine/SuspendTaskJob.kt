@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.CallSite
import io.github.coro4j.internal.base.comesFromCancel
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.afterCancel
import io.github.coro4j.internal.job.asFailure
import io.github.coro4j.internal.job.isBlockedBy
import io.github.coro4j.internal.job.original
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
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

/**
 * A task with a suspend body. The job is the coroutine of the body, and the parent of the
 * coroutines that the body launches. It has no thread while it is suspended.
 */
internal class SuspendTaskJob<T>(
    scope: JobScope,
    context: CoroutineContext,
    callSite: CallSite?,
) : CoroutineJob<T>(scope, context) {
    /** The place of the call; null after the end. */
    private var callSite: CallSite? = callSite

    override val kind: String
        get() = "task"

    override fun newHandle(): JobHandle<T> = scope.engine.taskOf(this)

    /** The thread that runs the body itself, not a coroutine that the body has launched. */
    @Volatile
    override var threadState: ThreadState? = null
        private set

    /** The part of the body that was handed to a user's executor and has not begun, or null. */
    @Volatile private var queued: Runnable? = null
    @Volatile private var hasBegun = false
    @Volatile private var hasReturned = false

    @Volatile
    override var wasRefused = false
        private set

    /** The failures of the body and its coroutines; null until the first one. */
    @Volatile private var failures: ChildFailures? = null

    override val progress: Progress
        get() =
            when {
                !hasBegun -> Progress.QUEUED
                hasReturned -> Progress.ENDING
                threadState != null -> Progress.RUNNING
                else -> Progress.SUSPENDED
            }

    /** Records that a part of the body begins on the thread of [on]. */
    fun runsOn(on: ThreadState) {
        threadState = on
    }

    /** Records that the part on the thread of [on] has ended. The next part may run elsewhere. */
    fun runsNoMoreOn(on: ThreadState) {
        THREAD_STATE.compareAndSet(this, on, null)
    }

    /** Starts the body. Called once, after the job was listed. */
    fun begin(body: suspend CoroutineScope.() -> T) {
        // End here, because the dispatcher would see the cancel only at the job's turn.
        if (isCancelled) return endWith(getCancellationException())
        start(CoroutineStart.DEFAULT, this) { call(body) }
    }

    private suspend fun call(body: suspend CoroutineScope.() -> T): T {
        val listeners = listeners
        hasBegun = true
        try {
            listeners?.begun(this)
            // A propagator could not install the captured context (R27).
            if (isCancelled) throw getCancellationException()
            val value = body(this)
            // Store the value here, because kotlinx publishes the end before it calls the engine.
            slot = value
            return value
        } catch (e: Throwable) {
            throw endOf(e)
        } finally {
            hasReturned = true
        }
    }

    /** Returns the exception that kotlinx gets when the body has thrown [thrown]. */
    private fun endOf(thrown: Throwable): Throwable {
        val end = afterCancel(thrown)
        if (end is CancellationException || isFirstFailure(thrown)) return end
        // The coroutine that failed first may not have failed this job yet.
        return if (isCancelled) getCancellationException()
        else CancellationException("a coroutine of ${toLabel()} has failed")
    }

    private fun isFirstFailure(failure: Throwable): Boolean =
        madeOnce(this, { failures }) { ChildFailures().also { failures = it } }.isFirst(failure)

    /**
     * Fails the task, because a coroutine of the body has failed. A failure that comes from a
     * request to cancel does not count (R7).
     */
    override fun childCancelled(cause: Throwable): Boolean =
        cause is CancellationException ||
            isCancelRequested && comesFromCancel(cause) ||
            !isFirstFailure(cause) ||
            super.childCancelled(asFailure(cause))

    /** Ends an unbegun body now, without waiting for its turn on a user's executor. */
    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        // publish, then re-check: pairs with SuspendTaskJob.takeOverIfCancelled
        if (!hasBegun) queued?.let(scope.engine.duties::execute)
    }

    /** Remembers [part]. [takeOverIfCancelled] must follow. */
    fun handedOver(part: Runnable) {
        queued = part
    }

    /** Forgets [part]. The next one is handed over only after this. */
    fun partBegins(part: Runnable) {
        if (queued === part) queued = null
    }

    fun takeOverIfCancelled() {
        // publish, then re-check: pairs with SuspendTaskJob.deliverCancel
        if (!hasBegun && isCancelled) queued?.let(scope.engine.duties::execute)
    }

    /** Moves the part that no thread has begun to the engine's pool. */
    fun takeOver() {
        queued?.let(scope.engine.pool::execute)
    }

    override fun couldNotRun(exception: Throwable, context: CoroutineContext) = fail(exception)

    override fun couldNotInstallContext(exception: Throwable) = fail(exception)

    /** Fails with the first refusal. A dispatcher that refused once may refuse the clean-up too. */
    private fun fail(exception: Throwable) {
        synchronized(this) {
            if (wasRefused) return
            wasRefused = true
        }
        cancelCoroutine(asFailure(exception))
    }

    override fun onCancelled(cause: Throwable, handled: Boolean) {
        slot = null // a value, if it had returned before one of its coroutines failed
        val later = failures?.takeLater() ?: emptyList()
        if (cause !is CancellationException) attachTo(original(cause), later)
        super.onCancelled(cause, handled)
    }

    private fun attachTo(failure: Throwable, later: List<Throwable>) {
        val site = callSite?.takeUnless { failure.suppressed.any { each -> each is CallSite } }
        site?.cut()
        val shared = scope.engine.sharedFailures
        if (site != null) shared.attach(failure, listOf(site), by = this)
        if (later.isEmpty()) return
        val seen = shared.attachForReaders(failure, later, by = this)
        for (each in later) if (each !in seen)
            scope.reportLater(FailureReport.Kind.UNREAD_FAILURE, this, each)
    }

    override fun afterCompletion(state: Any?) {
        context[CurrentTaskElement]?.forget()
        callSite = null
        queued = null
        val listeners = listeners ?: return super.afterCompletion(state)
        listeners.ending()
        try {
            super.afterCompletion(state)
        } finally {
            listeners.ended(this)
        }
    }

    private companion object {
        val THREAD_STATE =
            AtomicReferenceFieldUpdater.newUpdater(
                SuspendTaskJob::class.java,
                ThreadState::class.java,
                "threadState",
            )
    }
}
