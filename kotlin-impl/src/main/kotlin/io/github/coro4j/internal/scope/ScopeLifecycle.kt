@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.scope

import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.StackRoom
import io.github.coro4j.internal.base.awaitUninterruptibly
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.base.nanosOf
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.seconds
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.coroutine.reasonFrom
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.RootScopes
import io.github.coro4j.internal.job.ScopeState
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WaitQueue
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.time.GivenTime
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.GuardedWait
import io.github.coro4j.internal.wait.SlowWait
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The life of a scope: its deadline and its close. States: open, then closing (it refuses new
 * work), then closed.
 */
internal abstract class ScopeLifecycle(
    engine: EngineServices,
    settings: ScopeSettings,
    parent: ScopeLifecycle?,
    outside: ParentCoroutineScope?,
) : ScopeCancels(engine, settings, parent, outside), SlowWait {
    @Volatile private var closed = OPEN

    /** Wakes the threads that wait for another thread to finish the close. */
    @Volatile private var finished: CountDownLatch? = null

    @Volatile private var isFinished = false

    /** The waits for an executor of this scope, which a close shuts down. */
    @Volatile private var wakeOnClose: WaitQueue? = null

    @Volatile private var finisher: Thread? = null
    private var deadline: ScheduledFuture<*>? = null

    /** The place in the list of scopes that are inside no other. */
    private var rootEntry: RootScopes.Entry? = null

    /** The timer that warns of a slow close for which no thread waits. */
    @Volatile private var slowTimer: ScheduledFuture<*>? = null

    /** 1 once the engine has warned that the close is slow. */
    @Volatile private var warned = 0

    init {
        // The scope of clean-ups and callbacks is part of a test's scope.
        begin(settings.deadline, isHidden = GivenTime.isShared(settings.timeSource))
    }

    private fun begin(limit: Duration?, isHidden: Boolean) {
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
        if (parent == null && !isHidden) rootEntry = engine.roots.add(this)
    }

    /** Starts the timer, or leaves the parent and throws if the JVM has no thread for it. */
    private fun startDeadline(limit: Duration) {
        try {
            deadline =
                time.after(limit, this) {
                    cancelBecause("the deadline of ${toLabel()} passed after ${seconds(limit)}")
                }
        } catch (e: Throwable) {
            closed = CLOSED
            supervisor.cancel()
            parent?.contents?.leave(this)
            throw e
        }
    }

    override fun isOpen(): Boolean = closed == OPEN

    override fun state(): ScopeState {
        val seen = closed
        return when {
            seen != OPEN -> ScopeState(seen, null)
            supervisor.isCancelled ->
                ScopeState("cancelled", reasonFrom(supervisor.getCancellationException()))
            else -> ScopeState("open", null)
        }
    }

    override fun close() {
        beginClose()
        try {
            if (!isOver) GuardedWait.ask(this)
            BlockingWait.uninterruptibly(this, slow = this)
        } catch (e: Throwable) {
            // A circle, a time that stands still, or a guard has refused the wait.
            finishWhenOver()
            throw e
        }
        finish(BlockingWait.FOREVER, isAsked = true)
    }

    override fun close(timeout: Duration): Boolean {
        val nanos =
            nanosOf(timeout, "timeout") {
                "${toLabel()} was not closed; zero does not wait, and close() waits without a limit"
            }
        val begin = System.nanoTime()
        beginClose()
        var isFinishedHere = false
        try {
            if (!isOver) GuardedWait.ask(this, nanos)
            isFinishedHere = BlockingWait.uninterruptibly(this, nanos, this)
        } finally {
            if (!isFinishedHere) finishWhenOver()
        }
        return isFinishedHere && finish(nanos - (System.nanoTime() - begin), isAsked = true)
    }

    override fun closeAsync(reason: String): Future<Void?> {
        requireArgument(reason, "reason") {
            "${toLabel()} was not closed; say why, every task will show it"
        }
        refuseGlobal("close")
        StackRoom.require()
        val job = CloseJob(parent ?: engine.global, this)
        refuseWorkAndCancel(reason)
        finishWhenOver(job)
        return job.handle()
    }

    private fun beginClose() {
        refuseGlobal("close")
        refuseFromInside("close")
        StackRoom.require()
        refuseWorkAndCancel(null)
    }

    private fun refuseWorkAndCancel(reason: String?) {
        // before the state, so that a thread that sees a close also sees its reason
        closesFor(reason)
        if (STATE.compareAndSet(this, OPEN, CLOSING)) wakeOnClose?.wakeAll()
        // Nothing can be added any more, so what is empty now stays empty.
        if (!contents.isEmpty) cancelToClose()
        stopCoroutines()
    }

    /** Returns what the calling thread runs that ends before a close of this scope, or null. */
    fun insideCloseHere(): String? =
        insideHere()
            ?: if (finisher === Thread.currentThread()) "a failure listener of ${toLabel()}"
            else null

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
     * Makes the thread that ends the last work here hand the rest of the close to the engine's
     * pool, because no thread waits for it. Completes [job] then.
     */
    private fun finishWhenOver(job: CloseJob? = null) {
        val handedOver = AtomicBoolean()
        // The parent stays open until the callbacks of the job are counted. The global scope does
        // not: a callback of this scope may wait for it.
        parent?.holdOpen()
        val wait = { isOver }
        val waits = parent?.time?.work?.waitsOfSteps
        waits?.add(wait)
        subscribe(
            object : Waiter() {
                override fun run() {
                    if (!isOver || !handedOver.compareAndSet(false, true)) return
                    unsubscribe(this)
                    engine.pool.execute {
                        try {
                            finish(BlockingWait.FOREVER)
                        } finally {
                            job?.closed()
                            waits?.remove(wait)
                            parent?.release()
                        }
                    }
                }
            }
        )
        if (!handedOver.get()) warnWhenSlow()
    }

    /** Starts the timer for the warning, because no thread waits that could log it. */
    private fun warnWhenSlow() {
        if (slowTimer != null) return
        try {
            val timer =
                engine.timer.after(Duration.ofNanos(slowNanos)) {
                    engine.pool.execute(::waitIsSlow)
                }
            // Several threads may come here, and finish() cancels only one timer.
            val isKept =
                synchronized(contents) { (slowTimer == null).also { if (it) slowTimer = timer } }
            // publish, then re-check: pairs with ScopeLifecycle.finish
            if (!isKept || isFinished) timer.cancel(false)
        } catch (e: OutOfMemoryError) {
            // The JVM has no thread left for the timer, so there is no warning.
        }
    }

    @get:JvmSynthetic
    final override val slowNanos: Long
        get() = SlowClose.nanos

    final override fun waitIsSlow() {
        if (!isFinished && WARNED.compareAndSet(this, 0, 1)) SlowClose.log(this)
    }

    /**
     * Finishes the close, once. A later caller waits for [nanos] until the first has finished it,
     * and gets false if the time is too short. A failure listener that is part of the close does
     * not wait, and neither does a task without a limit, because a listener may wait for that task.
     */
    private fun finish(nanos: Long, isAsked: Boolean = false): Boolean {
        if (!STATE.compareAndSet(this, CLOSING, CLOSED)) {
            val isTask = ThreadState.orNull()?.current != null
            val isPart =
                finisher === Thread.currentThread() || isTask && nanos == BlockingWait.FOREVER
            if (isPart || isFinished) return true
            if (isAsked) GuardedWait.ask(this, nanos)
            return awaitFinish(nanos)
        }
        finisher = Thread.currentThread()
        try {
            deadline?.cancel(false)
            outside?.leave()
            reportUnread()
            supervisor.complete()
            parent?.contents?.leave(this)
            rootEntry?.let(engine.roots::remove)
        } finally {
            // publish, then re-check: pairs with awaitFinish and warnWhenSlow
            isFinished = true
            finisher = null
            finished?.countDown()
            slowTimer?.cancel(false)
        }
        return true
    }

    private fun awaitFinish(nanos: Long): Boolean {
        val latch = madeOnce(contents, { finished }) { CountDownLatch(1).also { finished = it } }
        // publish, then re-check: pairs with ScopeLifecycle.finish
        return isFinished || latch.awaitUninterruptibly(nanos)
    }

    private companion object {
        const val OPEN = "open"
        const val CLOSING = "closing"
        const val CLOSED = "closed"

        // Field updaters, because an atomic object costs 16 bytes more.
        val STATE =
            AtomicReferenceFieldUpdater.newUpdater(
                ScopeLifecycle::class.java,
                String::class.java,
                "closed",
            )
        val WARNED = AtomicIntegerFieldUpdater.newUpdater(ScopeLifecycle::class.java, "warned")
    }
}
