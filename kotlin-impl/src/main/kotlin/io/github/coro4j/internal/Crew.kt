package io.github.coro4j.internal

import java.util.concurrent.ForkJoinPool
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * Runs bodies that may all run at once, without handing each of them to the executor: a thread that
 * comes calls for another one, if bodies are left, and takes one body after the other. While every
 * thread blocks, the one that was called is in the executor's queue; so there are as many bodies
 * under way as there are threads, as if each had been handed over, and where bodies are short, most
 * of the hand-overs are saved.
 *
 * After [BATCH] bodies a thread goes back to its executor, so that others who share it have a turn.
 */
internal class Crew(private val scope: ScopeImpl, private val bodies: Array<out BodyJob<*>>) :
    Runnable {
    /** Only says where to look: whether a body is still to be run, its phase decides. */
    private val next = AtomicInteger()

    /** A thread was called for, and has not come. */
    private val isCalled = AtomicBoolean(true)

    fun start() {
        while (true) {
            try {
                return scope.executor.execute(this)
            } catch (e: Throwable) {
                // An executor that ran this and then threw has done its part.
                if (!isCalled.get()) return
                // Else it has refused a body, and the next one gets another chance.
                (take() ?: return).refused(e)
            }
        }
    }

    private fun take(): BodyJob<*>? = next.getAndIncrement().let(bodies::getOrNull)

    override fun run() {
        isCalled.set(false)
        val runner = Runner.here()
        try {
            var taken = 0
            while (true) {
                val body = take() ?: return
                val another = callAnother()
                body.runOn(runner, foreignThread = false)
                if (++taken >= BATCH && another) return
            }
        } catch (e: Throwable) {
            // What a body throws is its end; this is an error of the JVM, in our own frames.
            if (!callAnother()) while (true) (take() ?: break).refused(e)
            throw e
        }
    }

    /** False if there is no thread to be had: then those that are here must go on. */
    private fun callAnother(): Boolean {
        if (next.get() >= bodies.size || isCalled.get() || !isCalled.compareAndSet(false, true))
            return true
        return try {
            scope.executor.execute(this)
            true
        } catch (e: Throwable) {
            isCalled.set(false)
            false
        }
    }

    companion object {
        private const val BATCH = 64

        /**
         * Whether bodies may follow each other on a thread of the scope's executor without that
         * being seen: an executor of the user's may do something of its own around each.
         */
        fun serves(scope: ScopeImpl): Boolean =
            scope.executor === scope.engine.pool ||
                scope.executor.javaClass === ForkJoinPool::class.java
    }
}
