package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import java.util.concurrent.Executor

/**
 * Calls of user code that is no body, one after the other, on [executor]; each [submit] leads to
 * one run of [calls], whatever the executor does.
 */
internal abstract class CallbackRun(@JvmField val executor: Executor) : Runnable {
    /** Whose callbacks they are. */
    protected abstract val job: FutureJob<*>

    /** False if what was submitted has run: an executor may run it and then throw. */
    protected abstract fun handOver(): Boolean

    protected abstract fun calls()

    /** After [calls], whatever has come of it. */
    protected open fun over() = Unit

    fun submit() {
        val pool = job.scope.engine.pool
        // A user's executor may run what it is given on the spot, block, or throw. None of that
        // may happen on the stack of the one who completes or adds (R11), so it is called from
        // a thread of the engine.
        if (executor === pool) pool.execute(this) else pool.execute(::offer)
    }

    private fun offer() = Runner.use { runner ->
        runner.isOfTheEngine = true
        try {
            executor.execute(this)
        } catch (e: Throwable) {
            // Told as part of a callback: a listener that closed the scope would wait for it.
            asCallback { job.scope.report(FailureReport.Kind.CALLBACK_REJECTED, job, e) }
            run()
        }
        clearInterrupt()
    }

    final override fun run() {
        // An executor that runs what it is given and then throws has done its part.
        if (!handOver()) return
        clearInterrupt()
        try {
            asCallback { calls() }
        } finally {
            over()
        }
    }

    private inline fun asCallback(code: () -> Unit) = Runner.use { runner ->
        val outerScope = runner.callbackOf
        val outer = runner.enterCallback(job.scope)
        try {
            runner.aside(code)
        } finally {
            runner.leave(outer)
            runner.callbackOf = outerScope
        }
    }

    /** On a thread of the engine no flag is anybody's: a callback or a user's executor left it. */
    protected fun clearInterrupt() {
        if (executor === job.scope.engine.pool || Runner.orNull()?.isOfTheEngine == true)
            Thread.interrupted()
    }
}
