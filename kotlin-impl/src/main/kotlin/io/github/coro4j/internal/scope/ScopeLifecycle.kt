@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.scope

import io.github.coro4j.DeadlockException
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.StackRoom
import io.github.coro4j.internal.base.awaitUninterruptibly
import io.github.coro4j.internal.base.forEachDespiteErrors
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.seconds
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.coroutine.reasonFrom
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.ScopeState
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WaitQueue
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.spi.Label
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.SupervisorJob

/**
 * The life of a scope: its cancel, its deadline, its close. It has a kotlinx `SupervisorJob`, a
 * child of the enclosing scope's, and a list of its jobs. A cancel passes down the tree of
 * `SupervisorJob`s, and each scope passes it on to its own jobs.
 *
 * States: open, then closing (it refuses new work), then closed. Independently it may be cancelled,
 * which is sticky.
 */
internal abstract class ScopeLifecycle(
    engine: EngineServices,
    settings: ScopeSettings,
    parent: ScopeLifecycle?,
    outside: ParentCoroutineScope?,
) : ScopeFailures(engine, settings, parent, outside) {
    @Volatile private var closed = OPEN

    /** Wakes the threads that wait for another thread to finish the close. */
    @Volatile private var finished: CountDownLatch? = null

    @Volatile private var isFinished = false

    /** The waits for an executor of this scope, which a close shuts down. */
    @Volatile private var wakeOnClose: WaitQueue? = null

    @Volatile private var finisher: Thread? = null
    private var deadline: ScheduledFuture<*>? = null

    /** Cancelled whenever this scope is. Its exception has the reason. */
    @JvmField protected val supervisor: CompletableJob

    init {
        // This block stays short so that the JIT compiler inlines the constructor, and the settings
        // need no object.
        if (depth > MAX_DEPTH) throw tooDeep()
        supervisor = SupervisorJob(parent?.supervisor)
        begin(settings.deadline)
    }

    private fun tooDeep() =
        IllegalStateException(
            "${Label.of("scope", name())} cannot be opened: it would be the ${MAX_DEPTH + 1}th inside another; " +
                "start tasks in an enclosing scope instead of opening one for each level"
        )

    private fun begin(limit: Duration?) {
        if (parent != null && !parent.enter(this)) {
            supervisor.cancel(null) // old kotlinx.coroutines has no form with a default
            throw parent.refusal("open ${toLabel()}")
        }
        // The public form of this call reports only the end, but a cancel must reach running tasks.
        // A coroutine that waits for the cancel would have to be ended and awaited by every close.
        supervisor.invokeOnCompletion(onCancelling = true, invokeImmediately = true) { cause ->
            if (cause != null) cancelJobs(cause)
        }
        if (limit != null) startDeadline(limit)
    }

    /**
     * Starts the timer. If the JVM has no thread for it, the scope leaves its parent and throws.
     */
    private fun startDeadline(limit: Duration) {
        try {
            deadline =
                engine.timer.after(limit) {
                    cancelBecause("the deadline of ${toLabel()} passed after ${seconds(limit)}")
                }
        } catch (e: Throwable) {
            closed = CLOSED
            supervisor.cancel()
            parent?.contents?.leave(this)
            throw e
        }
    }

    override fun cancelIfCancelled(job: FutureJob<*>) {
        if (supervisor.isCancelled) {
            val cause = supervisor.getCancellationException()
            job.scopeEnded(reasonFrom(cause), originOf(cause))
        }
    }

    override fun isOpen(): Boolean = closed == OPEN

    @get:JvmSynthetic
    override val isCancelled: Boolean
        get() = supervisor.isCancelled

    override fun state(): ScopeState {
        val seen = closed
        return when {
            seen != OPEN -> ScopeState(seen, null)
            supervisor.isCancelled ->
                ScopeState("cancelled", reasonFrom(supervisor.getCancellationException()))
            else -> ScopeState("open", null)
        }
    }

    // ---- stop

    override fun cancel(reason: String) {
        requireArgument(reason, "reason") {
            "${toLabel()} was not cancelled; say why, every task will show it"
        }
        refuseGlobal("cancel")
        StackRoom.require()
        cancelBecause(reason)
    }

    fun cancelBecause(reason: String) = supervisor.cancel(TaskCancelledException(name(), reason))

    /** Cancels this scope for the reason in [cause]. */
    fun cancelFor(cause: Throwable) =
        supervisor.cancel(TaskCancelledException(name(), reasonFrom(cause), originOf(cause)))

    override fun cancelFromOutside(cause: TaskCancelledException) {
        refuseGlobal("cancel")
        StackRoom.require()
        supervisor.cancel(cause)
    }

    private fun cancelJobs(cause: Throwable) {
        val reason = reasonFrom(cause)
        val jobs = contents.jobs()
        // Make all jobs cancelling before stopping any, here and in the inner scopes. A task that
        // ends because an inner scope ended must know of the request. An inner scope that a stopped
        // task closes must already be cancelled for this reason.
        val origin = originOf(cause)
        Cancels.markAllCancelling(jobs, reason, origin)
        contents.scopes().iterator().forEachDespiteErrors { it.cancelFor(cause) }
        contents.coroutines?.stop(cause)
        jobs.iterator().forEachDespiteErrors { it.scopeEnded(reason, origin) }
    }

    private fun originOf(cause: Throwable) = cause as? TaskCancelledException

    private fun refuseGlobal(verb: String) {
        if (this === engine.global) {
            throw IllegalStateException(
                "the global scope cannot $verb: all code shares it. Open a scope of your own with TaskScope.open"
            )
        }
    }

    override fun close() {
        refuseGlobal("close")
        refuseFromInside("close")
        StackRoom.require()
        if (STATE.compareAndSet(this, OPEN, CLOSING)) wakeOnClose?.wakeAll()
        // Nothing can be added any more, so what is empty now stays empty.
        if (!contents.isEmpty) cancelToClose()
        stopCoroutines()
        try {
            BlockingWait.uninterruptibly(this)
        } catch (e: DeadlockException) {
            finishWhenOver()
            throw e
        }
        finish()
    }

    /** Registers [waiter] for the begin of a close. The caller must check next for a close. */
    fun addWakeOnClose(waiter: Waiter) {
        madeOnce(contents, { wakeOnClose }) { WaitQueue().also { wakeOnClose = it } }.add(waiter)
    }

    fun removeWakeOnClose(waiter: Waiter) {
        wakeOnClose?.remove(waiter)
    }

    override fun stopCoroutines() {
        contents.coroutines?.stop(TaskCancelledException(name(), "${toLabel()} was closed"))
    }

    /**
     * Cancels what is left for a close. A task may see the cancel of the enclosing scope, and close
     * this scope, before that cancel reaches this scope. Then the reason of that cancel comes first
     * (R4).
     */
    private fun cancelToClose() {
        // Cancel again, because an error of the JVM, such as a full heap, may have ended the first
        // pass early.
        if (supervisor.isCancelled) return cancelJobs(supervisor.getCancellationException())
        val around = parent?.supervisor
        if (around != null && around.isCancelled) cancelFor(around.getCancellationException())
        else cancelBecause("${toLabel()} was closed")
    }

    /**
     * Makes the thread that ends the last work here hand the rest of the close to the engine's
     * pool, because no thread waits for it.
     */
    private fun finishWhenOver() {
        val handedOver = AtomicBoolean()
        parent?.holdOpen()
        subscribe(
            object : Waiter() {
                override fun run() {
                    if (!isOver || !handedOver.compareAndSet(false, true)) return
                    unsubscribe(this)
                    engine.pool.execute {
                        try {
                            finish()
                        } finally {
                            parent?.release()
                        }
                    }
                }
            }
        )
    }

    /**
     * Finishes the close, once. A later caller waits until the first has finished it. A failure
     * listener that is part of the close does not wait, and neither does a task, because a listener
     * may wait for that task.
     */
    private fun finish() {
        if (!STATE.compareAndSet(this, CLOSING, CLOSED)) {
            val isPart =
                finisher === Thread.currentThread() || ThreadState.orNull()?.current != null
            if (!isPart) awaitFinish()
            return
        }
        finisher = Thread.currentThread()
        try {
            deadline?.cancel(false)
            outside?.leave()
            reportUnread()
            supervisor.complete()
            parent?.contents?.leave(this)
        } finally {
            // publish, then re-check: pairs with ScopeLifecycle.awaitFinish
            isFinished = true
            finished?.countDown()
        }
    }

    private fun awaitFinish() {
        val latch = madeOnce(contents, { finished }) { CountDownLatch(1).also { finished = it } }
        // publish, then re-check: pairs with ScopeLifecycle.finish
        if (!isFinished) latch.awaitUninterruptibly()
    }

    private companion object {
        const val OPEN = "open"
        const val CLOSING = "closing"
        const val CLOSED = "closed"

        /** A field updater, because an atomic object costs 16 bytes more. */
        val STATE =
            AtomicReferenceFieldUpdater.newUpdater(
                ScopeLifecycle::class.java,
                String::class.java,
                "closed",
            )

        /**
         * kotlinx.coroutines cancels a tree of jobs by recursion. In a test 400 levels worked, and
         * 1,000 overflowed the stack.
         */
        const val MAX_DEPTH = 128
    }
}
