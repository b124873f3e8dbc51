package io.github.coro4j.internal

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job

/**
 * Runs the coroutines of a scope on its executor. A user's executor may have no free thread while
 * one of its threads waits for such a coroutine, and the waiter cannot run the rest of the
 * coroutine on its own stack. So this remembers what it has handed over, and the engine's pool can
 * take it over.
 */
internal class ScopeDispatcher(private val engine: KotlinEngine, private val executor: Executor) :
    CoroutineDispatcher() {
    private val handedOver = ConcurrentHashMap.newKeySet<Part>()

    /**
     * Dispatches a part. Never throws, because kotlinx would break off the coroutine, or the thread
     * that resumes it, half way.
     */
    override fun dispatch(context: CoroutineContext, block: Runnable) {
        if (executor === engine.pool) return engine.pool.execute(block)
        val part = Part(block, context[Job])
        handedOver.add(part)
        val job = context[Job] as? SuspendJob<*>
        job?.handedOver(part)
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
    fun takeOver() = handedOver.forEach(engine.pool::execute)

    override fun toString(): String = "ScopeDispatcher($executor)"

    /** A part of a coroutine. Runs once, on the first thread to run it, and then holds nothing. */
    private inner class Part(block: Runnable, private val coroutine: Job?) :
        AtomicReference<Runnable?>(block), Runnable {
        val isBegun: Boolean
            get() = get() == null

        override fun run() = Runner.use { runner ->
            if (runner.postpone(this, coroutine)) return@use
            var next: Runnable? = this
            var turns = 0
            while (next is Part) {
                if (turns++ == MOST_ON_THE_SPOT || runner.partDepth == MOST_ON_THE_SPOT)
                    return@use engine.pool.execute(next)
                next = next.runOnce(runner)
            }
            next?.run() // a part of another dispatcher
        }

        private fun runOnce(runner: Runner): Runnable? {
            val block = getAndSet(null) ?: return null
            handedOver.remove(this)
            return runner.runPart(block)
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
