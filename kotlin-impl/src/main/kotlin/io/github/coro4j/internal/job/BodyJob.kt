package io.github.coro4j.internal.job

import io.github.coro4j.internal.base.DebugMode
import io.github.coro4j.internal.base.Refusable
import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.internal.base.thrownByDispatcher
import io.github.coro4j.internal.context.BodyWithContext
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.BodyPhase.QUEUED
import io.github.coro4j.internal.job.BodyPhase.RUNNING
import java.util.concurrent.Executor

/**
 * Runs a body that may block: once, on the thread that claims it first. A cancel interrupts it.
 *
 * [BodyPhase] explains the phases. Each step is a compare-and-set, so exactly one thread decides.
 */
internal abstract class BodyJob<T>(owner: JobOwner) : OneThreadJob<T>(owner), Runnable, Refusable {
    /** Does the work. [body] is what the slot held. Runs user code. */
    protected abstract fun call(body: Any?): T

    /**
     * Makes the body run with [captured] installed. Call it before another thread can see this job.
     */
    fun addContextUnshared(captured: Any) = putSlot(BodyWithContext(captured, slot))

    private fun callInContext(body: BodyWithContext): T =
        scope.propagators!!.around(body.captured, this) { call(body.body) }

    /** Returns the context for the report of a failure, from what the slot held before the body. */
    private fun contextOf(body: Any?): FailureContext? =
        (body as? BodyWithContext)?.let { FailureContext.of(scope.propagators, it.captured) }

    /** Handles the return of the body. The phase is ENDED. */
    protected open fun returned(value: T) = succeed(value)

    val isQueued: Boolean
        get() = phase == QUEUED

    final override val progress: Progress
        get() =
            when (phase) {
                NEW -> unqueuedProgress
                QUEUED -> Progress.QUEUED
                ENDED -> endedProgress
                else -> Progress.RUNNING
            }

    /** The progress before the job is queued. */
    protected open val unqueuedProgress: Progress
        get() = Progress.PENDING

    /** The progress after the body. */
    protected open val endedProgress: Progress
        get() = Progress.ENDING

    /** True if only the calling thread can run this queued body. */
    @get:JvmSynthetic
    override val needsThisThread: Boolean
        get() = isQueued && BoundCallbacks.onlyThisThreadRuns(scope.executor)

    override fun queuedBody(executor: Executor): BodyJob<*>? = takeIf {
        isQueued && scope.executor === executor
    }

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
        val body = slot
        if (casPhase(QUEUED, ENDED))
            endUnbegunWith(asFailure(thrownByDispatcher(exception)), contextOf(body))
    }

    final override fun run() = ThreadState.use { runOn(it, foreignThread = false) }

    /**
     * Runs the body on the thread of [state]. With [foreignThread] the interrupt flag belongs to
     * the caller, and this clears only interrupts of the engine.
     */
    fun runOn(state: ThreadState, foreignThread: Boolean) {
        if (phase == QUEUED) scope.time.noting(state) { runQueued(state, foreignThread) }
    }

    private fun runQueued(state: ThreadState, foreignThread: Boolean) {
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
        val nameBefore = if (DebugMode.isOn) state.showName(this) else null
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
        if (nameBefore != null) state.restoreName(nameBefore)
        leave(foreignThread && !state.flagIsOurs)
        state.flagIsOurs = flagWasOurs
        // The flag was set before this body, so the code below it on the stack must find it again.
        if (flagBefore) interruptSelf()
        state.leave(outer)
        // The outer body goes on now, so its time is restored.
        if (outer != null) state.since = sinceOuter
        if (covers) outer.uncovered(state)
        if (paused) outer.endHelping()
        endInTurn(begun, failure, if (failure == null) value else contextOf(body))
    }

    /**
     * Ends the job. A cancelled one ends after the work that it takes with it (R31). [value] is the
     * value of the body or, after a [failure], the context for its report.
     */
    private fun endInTurn(begun: Boolean, failure: Throwable?, value: Any?) {
        if (failure != null) cancelIfFromScope(failure)
        val work = started
        work?.bodyEnded()
        val takesWork = work != null && !leaveWork()
        // Look at the hooks before the ones run that the body has not seen.
        val thrown = failure?.let { afterCancel(it) }
        if (!takesWork || !work.whenOver { end(begun, thrown, value) }) end(begun, thrown, value)
    }

    private fun end(begun: Boolean, thrown: Throwable?, value: Any?) {
        val listeners = listeners
        listeners?.ending()
        when {
            !begun -> endWith(getCancellationException())
            thrown != null -> endWith(thrown, context = value as FailureContext?)
            else -> @Suppress("UNCHECKED_CAST") returned(value as T)
        }
        if (listeners != null) bodyEnded(listeners)
    }

    /** Reports the end of a body that has begun. */
    protected open fun bodyEnded(listeners: TaskListeners) = listeners.ended(this)

    final override fun endUnbegun(from: Int): Boolean {
        if (!casPhase(from, ENDED)) return false
        endUnbegunWith(getCancellationException())
        return true
    }

    protected fun endUnbegunWith(exception: Throwable, context: FailureContext? = null) {
        val listeners = listeners
        listeners?.ending()
        try {
            endWith(exception, context = context)
        } catch (e: Throwable) {
            // After an error of the JVM, such as a full stack, the next cancel tries again, at the
            // latest that of the close.
            if (!isCompleted) casPhase(ENDED, QUEUED)
            throw e
        } finally {
            listeners?.ended(this)
        }
    }
}
