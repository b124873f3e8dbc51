package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import java.util.concurrent.locks.LockSupport

/**
 * A job with a body that blocks: runs once, on whichever thread claims it first, and is interrupted
 * when it is cancelled.
 *
 * Phases: NEW -> QUEUED -> RUNNING -> ENDED. From NEW or QUEUED a cancel goes straight to ENDED,
 * and the body never runs (R6). From RUNNING there are two excursions, by compare-and-set, so that
 * exactly one thread decides:
 * - INTERRUPTING -> INTERRUPTED, by the thread that cancels. The body's thread does not leave
 *   before the interrupt has been delivered, and then clears its flag: so it never reaches the next
 *   body on that thread (R5).
 * - HELPING -> RUNNING, by the body's own thread while it runs another body that it waits for. A
 *   cancel then must not interrupt the other body: it leaves INTERRUPT_DUE, and the interrupt is
 *   delivered when the body's thread comes back.
 */
internal abstract class BodyJob<T>(owner: Owner) : WorkJob<T>(owner), Runnable {
    /** Does the work; [body] is what the slot held. Runs user code. */
    protected abstract fun call(body: Any?): T

    /** The body is to run with [captured] in place; while nobody else can see this job. */
    fun carryUnshared(captured: Any) = putSlot(Carried(captured, slot))

    private fun callCarried(body: Carried): T =
        scope.carriers!!.around(body.captured, this) { call(body.body) }

    /** The body has returned; the phase is ENDED. */
    protected open fun returned(value: T) = succeed(value)

    val isQueued: Boolean
        get() = phase == QUEUED

    final override val runner: Runner?
        get() = slot as? Runner

    final override val progress: Progress
        get() =
            when (phase) {
                NEW -> if (this is ItemJob) Progress.WITHOUT_PERMIT else Progress.PENDING
                QUEUED -> Progress.QUEUED
                ENDED -> Progress.ENDING
                else -> Progress.RUNNING
            }

    val wasDispatched: Boolean
        get() = bits and DISPATCHED != 0

    /**
     * Hands the body to its scope's executor, and notes [flags] in the same step. False if a cancel
     * came first: then they are not noted.
     */
    fun dispatch(flags: Int = 0): Boolean {
        if (!advance(NEW, QUEUED or flags)) return false
        submit()
        return true
    }

    /** As good as handed over, while nobody else can see this job; [submit] must follow. */
    fun queueUnshared() = noteUnshared(QUEUED)

    /** The second half of [dispatch]: it is queued, and may have been cancelled or helped since. */
    fun submit() {
        if (phase != QUEUED) return
        try {
            scope.executor.execute(this)
        } catch (e: Throwable) {
            refused(e)
        }
    }

    /**
     * The executor refused the body: nobody else will run it. Had it run the body and thrown
     * afterwards, the phase says so.
     */
    fun refused(exception: Throwable) {
        if (advance(QUEUED, ENDED)) endUnbegunWith(asFailure(thrownByDispatcher(exception)))
    }

    final override fun run() = Runner.use { runOn(it, foreignThread = false) }

    /**
     * On the thread of [runner]. With [foreignThread] the interrupt flag belongs to the caller, and
     * only an interrupt of ours is cleared.
     */
    fun runOn(runner: Runner, foreignThread: Boolean) {
        if (phase != QUEUED) return
        val body = slot
        // What another body on this stack, or another thread, has to do with the flag and with
        // interrupts must be settled before a cancel can interrupt this body.
        val outer = runner.current
        // On a stack where another body runs: a cancel of that one must not interrupt this one.
        val paused = outer != null && outer.beginHelping()
        // It is being interrupted: that belongs to the flag which is looked at next.
        if (outer != null && !paused) outer.awaitInterrupt()
        val flagBefore =
            if (foreignThread) Thread.currentThread().isInterrupted else Thread.interrupted()
        if (!advance(QUEUED, RUNNING)) {
            if (flagBefore) interruptSelf()
            if (paused) outer.endHelping()
            return
        }
        val sinceOuter = runner.since
        val covers = outer != null && outer.covered(runner)
        runner.enter(this)
        val flagWasOurs = runner.flagIsOurs
        runner.flagIsOurs = false
        putSlot(runner)
        var value: Any? = null
        var failure: Throwable? = null
        // A cancel that saw QUEUED has ended it; of one that comes now and this look, at least one
        // sees the other.
        val begun = !isCancelled
        val listeners = listeners
        if (begun) {
            try {
                listeners?.begun(this)
                value = runner.aside { if (body is Carried) callCarried(body) else call(body) }
            } catch (e: Throwable) {
                failure = e
                // Others may fill the heap at the same time. kotlinx cannot take up an end that it
                // had no memory for half way.
                if (e is OutOfMemoryError) awaitHeap()
            }
        }
        leave(foreignThread && !runner.flagIsOurs)
        runner.flagIsOurs = flagWasOurs
        // Whoever set it before will look for it here.
        if (flagBefore) interruptSelf()
        runner.leave(outer)
        // Of the body that goes on now.
        if (outer != null) runner.since = sinceOuter
        if (covers) outer.uncovered(runner)
        if (paused) outer.endHelping()
        listeners?.ending()
        when {
            !begun -> endWith(getCancellationException())
            failure != null -> endWith(afterCancel(failure))
            else -> @Suppress("UNCHECKED_CAST") returned(value as T)
        }
        listeners?.ended(this)
    }

    /** With [keepsFlag] a set interrupt flag belongs to the caller of this thread. */
    private fun leave(keepsFlag: Boolean) {
        while (!advance(RUNNING, ENDED)) {
            if (advance(INTERRUPTED, ENDED)) {
                Thread.interrupted()
                return
            }
            // An error of the JVM, such as a full stack, has kept a body on this stack from
            // endHelping().
            if (advance(HELPING, ENDED) || advance(INTERRUPT_DUE, ENDED)) break
            // INTERRUPTING: the canceller is between its compare-and-set and the end of
            // interrupt(), a few instructions.
            Thread.yield()
        }
        if (!keepsFlag) Thread.interrupted()
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        while (true) {
            when (phase) {
                NEW -> if (endUnbegun(NEW)) return
                QUEUED -> if (endUnbegun(QUEUED)) return
                RUNNING -> {
                    if (!interrupt) {
                        // Only told: a wait of ours looks again, any other code sees at most a
                        // spurious wake-up.
                        runner?.let { LockSupport.unpark(it.thread) }
                        return
                    }
                    if (advance(RUNNING, INTERRUPTING)) {
                        deliverInterrupt(awaitRunner().thread)
                        return
                    }
                }
                HELPING -> if (!interrupt || advance(HELPING, INTERRUPT_DUE)) return
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
            advance(INTERRUPTING, next)
        }
    }

    /** The body's thread stores it right after it has set RUNNING, and then waits for us. */
    private fun awaitRunner(): Runner {
        while (true) {
            runner?.let {
                return it
            }
            Thread.yield()
        }
    }

    private fun endUnbegun(from: Int): Boolean {
        if (!advance(from, ENDED)) return false
        endUnbegunWith(getCancellationException())
        return true
    }

    protected fun endUnbegunWith(exception: Throwable) {
        val listeners = listeners
        listeners?.ending()
        try {
            endWith(exception)
        } catch (e: Throwable) {
            // An error of the JVM, such as a full stack: the next cancel, at the latest that of the
            // close, tries again.
            if (!isCompleted) advance(ENDED, QUEUED)
            throw e
        } finally {
            listeners?.ended(this)
        }
    }

    final override fun beginHelping(): Boolean = advance(RUNNING, HELPING)

    final override fun awaitInterrupt() {
        while (phase == INTERRUPTING) Thread.yield()
    }

    final override fun endHelping() {
        if (advance(HELPING, RUNNING)) return
        interruptSelf()
        advance(INTERRUPT_DUE, INTERRUPTED)
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        val runner = runner ?: return
        // On top of its thread it waits for what the thread waits for; below the top, for the body
        // above it.
        val isTop = runner.current === this
        // A cancelled waiter waits no longer, even if it has not woken yet; one that closes a scope
        // does. Read in the order in which the two are written, so that the one belongs to the
        // other.
        val mustWait = runner.mustWait
        val target =
            if (isTop) runner.waitingFor.takeUnless { isCancelled && !mustWait }
            else above(this, runner)
        // A body runs once, on one thread: if it is there now, it was there when the two fields
        // were read.
        if (target != null && slot === runner) visit(target)
    }

    final override fun waitsInTimeFor(): Awaited? {
        val runner = runner ?: return null
        val target = if (runner.current === this) runner.waitingInTime else null
        return target.takeIf { slot === runner }
    }

    internal companion object {
        const val NEW = 0
        const val QUEUED = 1
        const val RUNNING = 2
        const val INTERRUPTING = 3
        const val INTERRUPTED = 4
        const val HELPING = 5
        const val INTERRUPT_DUE = 6
        const val ENDED = 7

        /** Above the phase: the body was handed to the executor and holds a permit of its group. */
        const val DISPATCHED = 0x10
    }
}
