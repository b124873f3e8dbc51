package io.github.coro4j.internal

import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job

/**
 * Runs the coroutines of scopes on their executor. A user's executor may have no free thread while
 * one of its threads waits for such a coroutine, and the waiter cannot run the rest of it on its
 * own stack: so what was handed to it is remembered, and can be taken over by the engine's pool.
 */
internal class ScopeDispatcher(private val engine: KotlinEngine, private val executor: Executor) :
    CoroutineDispatcher() {
    private val handedOver = ConcurrentHashMap.newKeySet<Part>()

    /** Never throws: kotlinx would leave the coroutine, or whoever resumes it, half way. */
    override fun dispatch(context: CoroutineContext, block: Runnable) {
        if (executor === engine.pool) return engine.pool.execute(block)
        val part = Part(block)
        handedOver.add(part)
        (context[Job] as? SuspendJob<*>)?.queued = part
        try {
            executor.execute(part)
        } catch (e: Throwable) {
            refused(context, e)
            engine.pool.execute(part)
        }
    }

    private fun refused(context: CoroutineContext, exception: Throwable) {
        val job = context[Job]
        if (job is SuspendJob<*>) job.fail(exception)
        else
            job?.cancel(
                CancellationException("$executor refused it").apply { initCause(exception) }
            )
    }

    /** It runs nothing on the stack of the one who resumes. */
    val isHandOver: Boolean
        get() = executor === engine.pool

    /** What nobody has begun. */
    fun takeOver() = handedOver.forEach(engine.pool::execute)

    override fun toString(): String = "ScopeDispatcher($executor)"

    /** Runs once, wherever it is first. */
    private inner class Part(private val block: Runnable) : AtomicBoolean(), Runnable {
        override fun run() {
            if (!compareAndSet(false, true)) return
            handedOver.remove(this)
            block.run()
        }
    }
}
