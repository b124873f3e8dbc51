package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.QueuedPart
import io.github.coro4j.internal.job.ThreadState
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job

/**
 * Runs the coroutines of a scope on its executor. A user's executor may have no free thread while
 * one of its threads waits for such a coroutine, and the waiter cannot run the rest of the
 * coroutine on its own stack. So this remembers what it has handed over, and the engine's pool can
 * take it over.
 */
internal class ScopeDispatcher(private val scope: JobScope) : CoroutineDispatcher() {
    private val engine = scope.engine
    private val executor: Executor = scope.executor

    /** What was handed over, but for the parts that a task of the scope remembers itself. */
    private val handedOver = ConcurrentHashMap.newKeySet<Part>()

    /**
     * Dispatches a part. Never throws, because kotlinx would break off the coroutine, or the thread
     * that resumes it, half way.
     */
    override fun dispatch(context: CoroutineContext, block: Runnable) {
        if (executor === engine.pool) return engine.pool.execute(block)
        val coroutine = context[Job]
        val part = Part(coroutine, block)
        val job = coroutine as? SuspendTaskJob<*>
        job?.handedOver(part)
        if (job?.scope !== scope) handedOver.add(part)
        try {
            executor.execute(part)
        } catch (e: Throwable) {
            // The executor ran the part on the spot, and threw what the part threw. Nothing is
            // lost.
            if (part.isBegun) return
            refused(context, e)
            engine.pool.execute(part)
        }
        // remember, then look: pairs with a cancel, which sets the state, then looks for the part
        job?.takeOverIfCancelled()
    }

    /** True if it runs nothing on the stack of the resuming thread. */
    val isHandOver: Boolean
        get() = executor === engine.pool

    /** Moves the parts that no thread has begun to the engine's pool. */
    fun takeOver() {
        handedOver.forEach(engine.pool::execute)
        scope.listedJobs().forEach { (it as? SuspendTaskJob<*>)?.takeOver() }
    }

    override fun toString(): String = "ScopeDispatcher($executor)"

    private inner class Part(coroutine: Job?, block: Runnable) : QueuedPart(coroutine, block) {
        override fun mayRunOn(runner: ThreadState, turns: Int): Boolean =
            turns < MOST_ON_THE_SPOT && runner.partDepth < MOST_ON_THE_SPOT

        override fun begin(runner: ThreadState, block: Runnable): QueuedPart? {
            val job = coroutine as? SuspendTaskJob<*>
            job?.partBegins(this)
            if (job?.scope !== scope) handedOver.remove(this)
            return super.begin(runner, block)
        }
    }

    private companion object {
        /**
         * The most parts that one call runs, inside each other or in a row. Without a limit, an
         * executor that runs work on the spot keeps its caller busy until the coroutine ends.
         */
        const val MOST_ON_THE_SPOT = 8
    }
}
