package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.Refusable
import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.internal.base.thrownByDispatcher
import io.github.coro4j.internal.context.BodyWithContext
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.BodyPhase.HELPING
import io.github.coro4j.internal.job.BodyPhase.INTERRUPTED
import io.github.coro4j.internal.job.BodyPhase.INTERRUPTING
import io.github.coro4j.internal.job.BodyPhase.INTERRUPT_DUE
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.BodyPhase.QUEUED
import io.github.coro4j.internal.job.BodyPhase.RUNNING
import io.github.coro4j.internal.job.JobBits.DISPATCHED
import java.util.concurrent.Executor
import java.util.concurrent.locks.LockSupport

/**
 * Runs a body that may block: once, on the thread that claims it first. A cancel interrupts it.
 *
 * [BodyPhase] explains the phases. Each step is a compare-and-set, so exactly one thread decides.
 */
internal abstract class BodyJob<T>(owner: JobOwner) : UserCodeJob<T>(owner), Runnable, Refusable {
    /** Does the work. [body] is what the slot held. Runs user code. */
    protected abstract fun call(body: Any?): T

    /**
     * Makes the body run with [captured] installed. Call it before another thread can see this job.
     */
    fun addContextUnshared(captured: Any) = putSlot(BodyWithContext(captured, slot))

    private fun callInContext(body: BodyWithContext): T =
        scope.propagators!!.around(body.captured, this) { call(body.body) }

    /** Handles the return of the body. The phase is ENDED. */
    protected open fun returned(value: T) = succeed(value)

    val isQueued: Boolean
        get() = phase == QUEUED

    final override val threadState: ThreadState?
        get() = slot as? ThreadState

    final override val progress: Progress
        get() =
            when (phase) {
                NEW -> unqueuedProgress
                QUEUED -> Progress.QUEUED
                ENDED -> Progress.ENDING
                else -> Progress.RUNNING
            }

    /** The progress before the job is queued. */
    protected open val unqueuedProgress: Progress
        get() = Progress.PENDING

    override fun queuedBody(executor: Executor): BodyJob<*>? = takeIf {
        isQueued && scope.executor === executor
    }

    val wasDispatched: Boolean
        get() = bits and DISPATCHED != 0

    /**
     * Hands the body to its scope's executor, and notes [flags] in the same step. If a cancel came
     * first, returns false and notes nothing.
     */
    fun dispatch(flags: Int = 0): Boolean {
        if (!casPhase(NEW, QUEUED or flags)) return false
        submit()
        return true
    }

    /** Sets QUEUED before another thread can see this job. The caller must call [submit] next. */
    fun queueUnshared() = noteUnshared(QUEUED)

    /**
     * Does the second half of [dispatch]. Since it was queued, the body may have been cancelled, or
     * run by a waiter.
     */
    fun submit() {
        if (phase != QUEUED) return
        try {
            scope.executor.execute(this)
        } catch (e: Throwable) {
            refused(e)
        }
    }

    /**
     * Fails the job because the executor refused the body and no thread will run it. If the
     * executor ran the body and then threw, the phase is no longer QUEUED, and this does nothing.
     */
    fun refused(exception: Throwable) {
        if (casPhase(QUEUED, ENDED)) endUnbegunWith(asFailure(thrownByDispatcher(exception)))
    }

    final override fun run() = ThreadState.use { runOn(it, foreignThread = false) }

    /**
     * Runs the body on the thread of [state]. With [foreignThread] the interrupt flag belongs to
     * the caller, and this clears only interrupts of the engine.
     */
    fun runOn(state: ThreadState, foreignThread: Boolean) {
        if (phase != QUEUED) return
        val body = slot
        // An outer body on this stack and its cancelling thread must be done with the interrupt
        // flag before a cancel can interrupt this body.
        val outer = state.current
        // A cancel of an outer body on this stack must not interrupt this body.
        val paused = outer != null && outer.beginHelping()
        // A cancelling thread is interrupting the outer body. Its interrupt must be in the flag
        // that is read next.
        if (outer != null && !paused) outer.awaitInterrupt()
        val flagBefore =
            if (foreignThread) Thread.currentThread().isInterrupted else Thread.interrupted()
        if (!casPhase(QUEUED, RUNNING)) {
            if (flagBefore) interruptSelf()
            if (paused) outer.endHelping()
            return
        }
        val sinceOuter = state.since
        val covers = outer != null && outer.covered(state)
        state.enter(this)
        val flagWasOurs = state.flagIsOurs
        state.flagIsOurs = false
        putSlot(state)
        var value: Any? = null
        var failure: Throwable? = null
        // publish, then re-check: pairs with BodyJob.deliverCancel. A cancel sets the state, then
        // reads the phase.
        val begun = !isCancelled
        val listeners = listeners
        if (begun) {
            try {
                listeners?.begun(this)
                value = state.suspendWhile {
                    if (body is BodyWithContext) callInContext(body) else call(body)
                }
            } catch (e: Throwable) {
                failure = e
                // Other bodies may fill the heap at the same time, and kotlinx cannot resume an end
                // that ran out of memory half way.
                if (e is OutOfMemoryError) awaitHeap()
            }
        }
        leave(foreignThread && !state.flagIsOurs)
        state.flagIsOurs = flagWasOurs
        // The flag was set before this body, so the code below it on the stack must find it again.
        if (flagBefore) interruptSelf()
        state.leave(outer)
        // The outer body goes on now, so its time is restored.
        if (outer != null) state.since = sinceOuter
        if (covers) outer.uncovered(state)
        if (paused) outer.endHelping()
        listeners?.ending()
        when {
            !begun -> endWith(getCancellationException())
            failure != null -> endWith(afterCancel(failure))
            else -> @Suppress("UNCHECKED_CAST") returned(value as T)
        }
        listeners?.ended(this)
    }

    /** Sets ENDED. With [keepsFlag] a set interrupt flag belongs to the caller on this thread. */
    private fun leave(keepsFlag: Boolean) {
        while (!casPhase(RUNNING, ENDED)) {
            if (casPhase(INTERRUPTED, ENDED)) {
                Thread.interrupted()
                return
            }
            // After an error of the JVM, such as a full stack, a body on this stack did not reach
            // endHelping().
            if (casPhase(HELPING, ENDED) || casPhase(INTERRUPT_DUE, ENDED)) break
            // INTERRUPTING: the cancelling thread is about to return from interrupt(), which takes
            // a few instructions.
            Thread.yield()
        }
        if (!keepsFlag) Thread.interrupted()
    }

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        while (true) {
            // publish, then re-check: pairs with BodyJob.runOn
            when (phase) {
                NEW -> if (endUnbegun(NEW)) return
                QUEUED -> if (endUnbegun(QUEUED)) return
                RUNNING -> {
                    if (!interrupt) {
                        // Wake the thread without an interrupt: a wait of the engine looks again,
                        // and any other code sees at most a spurious wake-up.
                        threadState?.let { LockSupport.unpark(it.thread) }
                        return
                    }
                    if (casPhase(RUNNING, INTERRUPTING)) {
                        deliverInterrupt(awaitThreadState().thread)
                        return
                    }
                }
                HELPING -> if (!interrupt || casPhase(HELPING, INTERRUPT_DUE)) return
                else -> return
            }
        }
    }

    /**
     * Interrupts [thread]. `Thread.interrupt` may run user code: that of a channel in which the
     * thread blocks, or of a subclass of `Thread`. This reports what it throws, and the cancelling
     * thread does not see it. After an error of the JVM, such as a full stack, the next request
     * tries again.
     */
    private fun deliverInterrupt(thread: Thread) {
        var next = RUNNING
        try {
            thread.interrupt()
            next = INTERRUPTED
        } catch (e: Throwable) {
            // After an error of the JVM, such as a full stack, the next request tries again.
            if (e is VirtualMachineError) forgetRequests() else next = INTERRUPTED
            scope.reportLater(FailureReport.Kind.INTERRUPT_FAILED, this, e)
        } finally {
            casPhase(INTERRUPTING, next)
        }
    }

    /**
     * Waits for the thread state. The body's thread stores it right after it has set RUNNING, and
     * cannot leave while the phase is INTERRUPTING.
     */
    private fun awaitThreadState(): ThreadState {
        while (true) {
            threadState?.let {
                return it
            }
            Thread.yield()
        }
    }

    private fun endUnbegun(from: Int): Boolean {
        if (!casPhase(from, ENDED)) return false
        endUnbegunWith(getCancellationException())
        return true
    }

    protected fun endUnbegunWith(exception: Throwable) {
        val listeners = listeners
        listeners?.ending()
        try {
            endWith(exception)
        } catch (e: Throwable) {
            // After an error of the JVM, such as a full stack, the next cancel tries again, at the
            // latest that of the close.
            if (!isCompleted) casPhase(ENDED, QUEUED)
            throw e
        } finally {
            listeners?.ended(this)
        }
    }

    final override fun beginHelping(): Boolean = casPhase(RUNNING, HELPING)

    final override fun awaitInterrupt() {
        while (phase == INTERRUPTING) Thread.yield()
    }

    final override fun endHelping() {
        if (casPhase(HELPING, RUNNING)) return
        interruptSelf()
        casPhase(INTERRUPT_DUE, INTERRUPTED)
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        val state = threadState ?: return
        // The innermost body of a thread waits for what the thread waits for. Any other body waits
        // for the body above it.
        val isTop = state.current === this
        // A cancelled waiter waits no longer, even if it has not woken yet, unless it closes a
        // scope. The two fields are read in the order in which they are written, so that they
        // belong together.
        val mustWait = state.mustWait
        val target =
            if (isTop) state.waitingFor.takeUnless { isCancelled && !mustWait }
            else above(this, state)
        // A body runs once, on one thread. If it is on that thread now, it was there when the two
        // fields were read.
        if (target != null && slot === state) visit(target)
    }

    final override fun waitsInTimeFor(): Awaitable? {
        val state = threadState ?: return null
        val target = if (state.current === this) state.waitingInTime else null
        return target.takeIf { slot === state }
    }
}
