package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.BodyPhase.HELPING
import io.github.coro4j.internal.job.BodyPhase.INTERRUPTED
import io.github.coro4j.internal.job.BodyPhase.INTERRUPTING
import io.github.coro4j.internal.job.BodyPhase.INTERRUPT_DUE
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.BodyPhase.QUEUED
import io.github.coro4j.internal.job.BodyPhase.RUNNING
import java.util.concurrent.locks.LockSupport

/**
 * A job whose user code runs on one thread, which a cancel interrupts. While that code runs, the
 * slot holds the [ThreadState] or, once the code has started something, the [StartedWork].
 */
internal abstract class OneThreadJob<T>(owner: JobOwner) : UserCodeJob<T>(owner) {
    final override val threadState: ThreadState?
        get() = slot.let { if (it is StartedWork) it.threadState else it as? ThreadState }

    final override val started: StartedWork?
        get() = slot as? StartedWork

    override fun startedWork(): StartedWork? {
        val held = slot
        if (held is ThreadState) return StartedWork(this, held).also { slot = it }
        return held as? StartedWork
    }

    /** Ends the job in phase [from], before it has begun. Returns false in another phase. */
    protected abstract fun endUnbegun(from: Int): Boolean

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

    /** Sets ENDED. With [keepsFlag] a set interrupt flag belongs to the caller on this thread. */
    protected fun leave(keepsFlag: Boolean) {
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
        val state = threadState ?: return started?.dependencies(visit) ?: Unit
        started?.hooks?.dependencies(visit)
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
        if (target != null && threadState === state) visit(target)
    }

    final override fun waitsInTimeFor(): Awaitable? {
        val state = threadState ?: return null
        val target = if (state.current === this) state.waitingInTime else null
        return target.takeIf { threadState === state }
    }
}
