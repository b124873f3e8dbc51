@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi

/** A job whose user code are coroutines: any number of threads may be in it, or none. */
internal abstract class CoroutineJob<T>(owner: Owner, context: CoroutineContext) :
    WorkJob<T>(owner, context) {
    @Volatile private var waits: CoroutineWaits? = null

    private fun waits(): CoroutineWaits =
        waits ?: synchronized(this) { waits ?: CoroutineWaits().also { waits = it } }

    fun waitBegins(wait: CoroutineWait) = waits().add(wait)

    fun waitEnds(wait: CoroutineWait) = waits().remove(wait)

    /** Calls [action] for each wait that no cancel has ended. */
    fun forEachWait(action: (CoroutineWait) -> Unit) {
        waits?.forEachOpen(action)
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        waits?.dependencies(this, visit)
        forEachScopeBelow(this) { visit(it) }
    }

    /**
     * Records that another body, or a part of another coroutine, begins above one of its
     * coroutines.
     */
    final override fun covered(runner: Runner): Boolean {
        val coroutine = runner.coroutine
        if (coroutine != null && !isBlockedBy(this, coroutine)) return false
        waits().cover(runner)
        return true
    }

    final override fun uncovered(runner: Runner) = waits().uncover(runner)

    /** Nothing interrupts a coroutine's thread, which may be in the middle of another's part. */
    final override fun wakeOnCancel(wake: Wake): DisposableHandle? =
        invokeOnCompletion(onCancelling = true, invokeImmediately = true) { wake.run() }

    /** True once this job has failed because a part of it could not run. */
    open val wasRefused: Boolean
        get() = false

    /** Fails, because an executor or dispatcher refused its coroutine with this [context]. */
    abstract fun couldNotRun(exception: Throwable, context: CoroutineContext)

    final override fun isRefusal(cause: Throwable): Boolean {
        val part = Runner.orNull()?.dispatching ?: return false
        if (!part.isRefusalOf(this)) return false
        couldNotRun(rejectionIn(cause), context)
        return true
    }

    /** What a thread was to carry for one of its coroutines could not be put in place (R27). */
    abstract fun couldNotCarry(exception: Throwable)

    /** kotlinx has cancelled what is suspended. */
    override fun onCancelRequest(reason: String?, interrupt: Boolean) = Unit
}

/**
 * A task with a suspend body: the job is the body's coroutine itself, and the parent of those that
 * the body launches. It has no thread while it is suspended.
 */
internal class SuspendJob<T>(
    scope: ScopeImpl,
    context: CoroutineContext,
    callSite: CallSite?,
) : CoroutineJob<T>(scope, context) {
    /** Until the end. */
    private var callSite: CallSite? = callSite

    override val kind: String
        get() = "task"

    override fun newHandle(): FutureHandle<T> = TaskHandle(this)

    /** In the body itself, and not in a coroutine that it has launched. */
    @Volatile override var runner: Runner? = null
    /** What a user's executor was given, until the body begins. */
    @Volatile private var queued: Runnable? = null
    @Volatile private var hasBegun = false
    @Volatile private var hasReturned = false

    @Volatile
    override var wasRefused = false
        private set

    /** Null until something fails. */
    @Volatile private var failures: ChildFailures? = null

    override val progress: Progress
        get() =
            when {
                !hasBegun -> Progress.QUEUED
                hasReturned -> Progress.ENDING
                runner != null -> Progress.RUNNING
                else -> Progress.SUSPENDED
            }

    /** Once, after it was listed. */
    fun begin(body: suspend CoroutineScope.() -> T) {
        // Its dispatcher would find out, when it comes to it.
        if (isCancelled) return endWith(getCancellationException())
        start(CoroutineStart.DEFAULT, this) { call(body) }
    }

    private suspend fun call(body: suspend CoroutineScope.() -> T): T {
        val listeners = listeners
        hasBegun = true
        queued = null
        try {
            listeners?.begun(this)
            // What the thread was to carry could not be installed (R27).
            if (isCancelled) throw getCancellationException()
            val value = body(this)
            // Here, and not when it has ended: kotlinx tells of a value after it can be seen.
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
        synchronized(this) { failures ?: ChildFailures().also { failures = it } }.isFirst(failure)

    /**
     * Fails the task, because a coroutine of the body has failed. A failure that comes from a
     * request to cancel does not count (R7).
     */
    override fun childCancelled(cause: Throwable): Boolean =
        cause is CancellationException ||
            isCancelRequested && comesFromCancel(cause) ||
            !isFirstFailure(cause) ||
            super.childCancelled(asFailure(cause))

    /** The end of what will not begin does not wait for its turn on a user's executor. */
    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        queued?.let(scope.engine.duties::execute)
    }

    /** Remembered first, then looked: of this and a cancel at the same time, one sees the other. */
    fun handedOver(part: Runnable) {
        if (!hasBegun) queued = part
    }

    fun takeOverIfCancelled() {
        if (isCancelled) queued?.let(scope.engine.duties::execute)
    }

    override fun couldNotRun(exception: Throwable, context: CoroutineContext) = fail(exception)

    override fun couldNotCarry(exception: Throwable) = fail(exception)

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
        val all = if (site == null) later else listOf(site) + later
        if (all.isEmpty()) return
        val attached = scope.engine.sharedFailures.attach(failure, all, by = this)
        for (each in later) if (each !in attached)
            scope.reportLater(FailureReport.Kind.UNREAD_FAILURE, this, each)
    }

    override fun afterCompletion(state: Any?) {
        context[TaskElement]?.forget()
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
}
