package io.github.coro4j.internal

import java.util.concurrent.ConcurrentLinkedQueue
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
 * A thread whose bodies are short takes several neighbours at a time: two threads that take turns
 * at neighbours take the same cache lines from each other, which costs as much as the rest of a
 * short body. What it has taken and not begun when a body does block is there for whoever comes.
 */
internal class Crew(private val scope: ScopeImpl, private val bodies: Array<out BodyJob<*>>) :
    Runnable {
    /** Only says where to look: whether a body is still to be run, its phase decides. */
    private val next = AtomicInteger()

    /** A thread was called for, and has not come. */
    private val isCalled = AtomicBoolean(true)

    /** What the threads that take several bodies at a time have taken. */
    private val stretches = ConcurrentLinkedQueue<Stretch>()

    /** The body [at] runs; those behind it, up to [end], may not have begun. */
    private class Stretch {
        val at = AtomicInteger()
        @Volatile @JvmField var end = 0
    }

    fun start() {
        while (true) {
            try {
                return scope.executor.execute(this)
            } catch (e: Throwable) {
                // An executor that ran this and then threw has done its part.
                if (!isCalled.get()) return
                // Else it has refused a body, and the next one gets another chance.
                bodies.getOrNull(next.getAndIncrement())?.refused(e) ?: return
            }
        }
    }

    override fun run() {
        isCalled.set(false)
        val runner = Runner.here()
        var stretch: Stretch? = null
        try {
            var length = 1
            while (true) {
                val first = next.getAndAdd(length)
                if (first >= bodies.size) return runLeftOvers(runner)
                val end = (first + length).coerceAtMost(bodies.size)
                val since = scope.engine.clock.nanos()
                if (length > 1) {
                    val mine = stretch ?: Stretch()
                    // Before the index: who reads that first sees no less than what is left.
                    mine.end = end
                    mine.at.set(first)
                    if (stretch == null) stretches.add(mine)
                    stretch = mine
                }
                for (index in first until end) {
                    stretch?.at?.lazySet(index)
                    // Registered first, then called: whoever comes sees what is left here. One who
                    // comes for nothing goes again.
                    if (next.get() < bodies.size || isAnyLeftOver()) callAnother()
                    bodies[index].runOn(runner, foreignThread = false)
                }
                length =
                    if (scope.engine.clock.nanos() != since) 1
                    else (2 * length).coerceAtMost(LONGEST)
            }
        } catch (e: Throwable) {
            // What a body throws is its end; this is an error of the JVM, in our own frames.
            if (!callAnother()) bodies.forEach { it.refused(e) }
            throw e
        } finally {
            stretch?.let(stretches::remove)
        }
    }

    private fun isAnyLeftOver(): Boolean {
        for (stretch in stretches) if (stretch.at.get() + 1 < stretch.end) return true
        return false
    }

    /** Nothing is left but what others have taken, and perhaps cannot begin. */
    private fun runLeftOvers(runner: Runner) {
        for (stretch in stretches) {
            var index = stretch.at.get()
            while (++index < stretch.end) {
                if (!bodies[index].isQueued) continue
                callAnother()
                bodies[index].runOn(runner, foreignThread = false)
            }
        }
    }

    /** False if there is no thread to be had: then those that are here must go on. */
    private fun callAnother(): Boolean {
        if (isCalled.get() || !isCalled.compareAndSet(false, true)) return true
        return try {
            scope.executor.execute(this)
            true
        } catch (e: Throwable) {
            isCalled.set(false)
            false
        }
    }

    companion object {
        private const val LONGEST = 16

        /**
         * Whether the threads of the scope's executor take bodies one after the other anyway, and
         * come when they are called. An executor of the user's may do something of its own around
         * each body, and a virtual thread has the thread-locals of one. The `ForkJoinPool` of JDK
         * 17 can lose the call of a thread that is just going idle: where every body is handed
         * over, the next one repairs that, but here one of 10,000 groups stood still whose bodies
         * wait for each other behind their pool's back.
         */
        fun serves(scope: ScopeImpl): Boolean =
            scope.engine.isCallHeard && scope.executor.javaClass === ForkJoinPool::class.java
    }
}
