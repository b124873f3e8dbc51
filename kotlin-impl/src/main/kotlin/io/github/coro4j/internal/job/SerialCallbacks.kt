package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.ThreadBoundExecutor
import io.github.coro4j.internal.time.TimedWork
import io.github.coro4j.spi.Turns
import java.util.concurrent.Executor

/**
 * Makes calls of user code that is no body, one after the other, on [executor]. Each [submit] leads
 * to one run of [calls], whatever the executor does.
 */
internal abstract class SerialCallbacks(@JvmField val executor: Executor) : Runnable {
    /** The job that the callbacks belong to. */
    protected abstract val job: FutureJob<*>

    /**
     * Claims the submitted run. Returns false if it has run already, because an executor may run it
     * and then throw.
     */
    protected abstract fun handOver(): Boolean

    protected abstract fun calls()

    /** Runs after [calls], even if that has thrown. */
    protected open fun over() = Unit

    fun submit() {
        val pool = job.scope.engine.pool
        job.scope.time.work?.let(::noteSubmitted)
        if (holdsScope && executor is ThreadBoundExecutor)
            job.scope.engine.boundCallbacks.begin(job.scope)
        // A user's executor may run what it is given on the spot, block, or throw. None of that may
        // happen on the stack of the thread that completes the future or adds a callback (R11). So
        // a thread of the engine calls the executor.
        if (executor === pool || executor is Turns) executor.execute(this)
        else pool.execute(::offer)
    }

    private fun offer() = ThreadState.use { state ->
        state.isOfTheEngine = true
        try {
            executor.execute(this)
        } catch (e: Throwable) {
            // Report this as part of a callback, so that a listener that closes the scope gets an
            // error instead of waiting for itself.
            asCallbackOf(job.scope) {
                job.scope.report(FailureReport.Kind.CALLBACK_REJECTED, job, e)
            }
            run()
        }
        clearInterrupt()
    }

    final override fun run() {
        // An executor that runs what it is given and then throws has done its part.
        if (!handOver()) return
        clearInterrupt()
        val work = job.scope.time.work ?: return callAndEnd()
        ThreadState.use { state ->
            job.scope.time.noting(state) {
                queueOf(work)?.decrementAndGet()
                callAndEnd()
            }
        }
    }

    private fun callAndEnd() {
        try {
            asCallbackOf(job.scope) { calls() }
        } finally {
            if (holdsScope) {
                job.scope.time.work?.holding?.decrementAndGet()
                if (executor is ThreadBoundExecutor) job.scope.engine.boundCallbacks.end(job.scope)
            }
            over()
        }
    }

    /** True if the scope stays open from [submit] to [over]. */
    protected open val holdsScope: Boolean
        get() = false

    private fun noteSubmitted(work: TimedWork) {
        work.changed()
        queueOf(work)?.incrementAndGet()
        if (holdsScope) work.holding.incrementAndGet()
    }

    /** Returns the count of callbacks that wait for such an executor. Turns have a line instead. */
    private fun queueOf(work: TimedWork) =
        when {
            executor is Turns -> null
            executor === job.scope.engine.pool -> work.queued
            else -> work.queuedElsewhere
        }

    /**
     * Clears the interrupt flag on a thread of the engine, where only a callback or a user's
     * executor can have left it.
     */
    protected fun clearInterrupt(state: ThreadState? = ThreadState.orNull()) {
        if (executor === job.scope.engine.pool || state?.isOfTheEngine == true) Thread.interrupted()
    }
}

/** Runs [code] as a callback of [scope], so that it gets an error if it waits for that scope. */
internal fun asCallbackOf(scope: JobScope, code: () -> Unit) = ThreadState.use { state ->
    val outerScope = state.callbackOf
    val outer = state.enterCallback(scope)
    try {
        state.suspendWhile(code)
    } finally {
        state.leave(outer)
        state.callbackOf = outerScope
    }
}
