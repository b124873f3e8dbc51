@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.CallSite
import io.github.coro4j.internal.base.comesFromCancel
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.job.BoundCallbacks
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.Launched
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.StartedWork
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.afterCancel
import io.github.coro4j.internal.job.asFailure
import io.github.coro4j.internal.job.original
import io.github.coro4j.internal.job.reportAtOnce
import io.github.coro4j.internal.job.reportLater
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * A task with a suspend body. The job is the coroutine of the body, and the parent of the
 * coroutines that the body launches. It has no thread while it is suspended.
 */
internal open class SuspendTaskJob<T>(
    owner: JobOwner,
    context: CoroutineContext,
    callSite: CallSite?,
) : CoroutineJob<T>(owner, context) {
    /** The place of the call; null after the end. */
    private var callSite: CallSite? = callSite

    override val kind: String
        get() = "task"

    override fun newHandle(): JobHandle<T> = scope.engine.taskOf(this)

    /** The thread that runs the body itself, not a coroutine that the body has launched. */
    @Volatile
    final override var threadState: ThreadState? = null
        private set

    /** The part of the body that was handed to a user's executor and has not begun, or null. */
    @Volatile private var queued: Runnable? = null
    @Volatile
    protected var hasBegun = false
        private set

    @Volatile private var hasReturned = false

    @Volatile
    final override var wasRefused = false
        private set

    /** What the body and its coroutines have started; null until they start something. */
    @Volatile
    final override var started: StartedWork? = null
        private set

    /** True if the body may have launched a coroutine. */
    @Volatile private var hasLaunched = false

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
            hasReturned = true
            bodyReturned()
            // Store the value here, because kotlinx publishes the end before it calls the engine.
            slot = value
            return value
        } catch (e: Throwable) {
            hasReturned = true
            cancelIfFromScope(e)
            val end = endOf(e)
            endWork()
            throw end
        }
    }

    override val needsThisThread: Boolean
        get() = !hasReturned && (context.isConfinedToThisThread() || isOnExecutorOfThisThread)

    /** A cancelled coroutine goes on in the pool. */
    private val isOnExecutorOfThisThread: Boolean
        get() {
            val executor = (context[ContinuationInterceptor] as? ScopeDispatcher)?.scope?.executor
            return executor != null && !isCancelled && BoundCallbacks.onlyThisThreadRuns(executor)
        }

    // ---- what the body has started (R31)

    fun launches() {
        hasLaunched = true
    }

    final override fun startedWork(): StartedWork? {
        if (hasLeftWork) return null
        val work = madeOnce(this, { started }) { StartedWork(this, null).also { started = it } }
        // publish, then re-check: pairs with UserCodeJob.leaveWork
        return if (hasLeftWork) null else work
    }

    /** Does [endWork] after the coroutines of the body, because they may start more. */
    private suspend fun bodyReturned() {
        if (hasLaunched) awaitCoroutines()
        endWork()
    }

    /**
     * Leaves the work to the scope or, if a cancel takes it, waits for its end. If the body has
     * failed by itself, its coroutines still run. kotlinx cancels them when the body has thrown.
     */
    private suspend fun endWork() {
        if (started == null && !hasLaunched || leaveWork()) return
        if (hasLaunched) awaitCoroutines()
        val work = started ?: return
        awaitStep(work::whenOver)
    }

    private suspend fun awaitCoroutines() {
        while (true) {
            val child = children.firstOrNull { !it.isCompleted } ?: return
            awaitStep { next ->
                child.invokeOnCompletion { ThreadState.runOrDefer(next) }
                true
            }
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
            scope.reportLater(FailureReport.Kind.UNREAD_FAILURE, this, each, ownContext)
    }

    final override val ownContext: FailureContext?
        get() = context[CurrentTaskElement]?.failureContext

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

/** The task of a suspend function without a result. */
internal class SuspendLaunchJob(owner: JobOwner, context: CoroutineContext, callSite: CallSite?) :
    SuspendTaskJob<Void?>(owner, context, callSite), Launched {
    override fun afterCompletion(state: Any?) {
        reportAtOnce()
        super.afterCompletion(state)
    }
}
