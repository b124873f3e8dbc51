package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.FutureJob
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
 * one of its threads waits for such a coroutine. The waiter cannot run the rest of the coroutine on
 * its own stack. So this remembers what it has handed over, and the engine's pool can take it over.
 */
internal open class ScopeDispatcher(val scope: JobScope) : CoroutineDispatcher() {
    private val engine = scope.engine
    private val executor: Executor = scope.executor

    /** The parts that were handed over, except those that a task of the scope remembers itself. */
    private val handedOver = ConcurrentHashMap.newKeySet<Part>()

    /**
     * Dispatches a part. Never throws, because kotlinx would break off the coroutine, or the thread
     * that resumes it, half way.
     */
    override fun dispatch(context: CoroutineContext, block: Runnable) {
        if (executor === engine.pool) return engine.pool.execute(block)
        val part = Part(context[Job], block)
        part.remember()
        try {
            executor.execute(part)
        } catch (e: Throwable) {
            // The executor ran the part on the spot, and threw what the part threw. Nothing is
            // lost.
            if (part.isBegun) return
            refused(context, e)
            engine.pool.execute(part)
        }
        part.task?.takeOverIfCancelled()
    }

    /** True if it runs nothing on the stack of the resuming thread. */
    val onlyQueues: Boolean
        get() = scope.onlyQueues

    /** Moves the parts that no thread has begun to the engine's pool. */
    fun takeOver() {
        handedOver.forEach(engine.pool::execute)
        val jobs = ArrayList<FutureJob<*>>()
        scope.listedJobs().forEach { it.addTo(jobs) }
        jobs.forEach { (it as? SuspendTaskJob<*>)?.takeOver() }
    }

    override fun toString(): String = "ScopeDispatcher($executor)"

    private inner class Part(coroutine: Job?, block: Runnable) : QueuedPart(coroutine, block) {
        val task: SuspendTaskJob<*>?
            get() = coroutine as? SuspendTaskJob<*>

        /** True if [takeOver] finds this part through its task. */
        private val isFoundByTask: Boolean
            get() = task?.scope === scope

        fun remember() {
            task?.handedOver(this)
            if (!isFoundByTask) handedOver.add(this)
        }

        private fun forget() {
            task?.partBegins(this)
            if (!isFoundByTask) handedOver.remove(this)
        }

        override fun mayRunOn(state: ThreadState, turns: Int): Boolean =
            turns < MOST_ON_THE_SPOT && state.partDepth < MOST_ON_THE_SPOT

        override fun begin(state: ThreadState, block: Runnable): QueuedPart? {
            forget()
            return super.begin(state, block)
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
