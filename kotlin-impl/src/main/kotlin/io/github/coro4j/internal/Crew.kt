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
 *
 * One call stands for all bodies that are left, so it must not be lost. The `ForkJoinPool` of JDK
 * 17 loses one in some thousands, of a thread that is just going idle while the caller goes on to
 * block. And a thread that takes body after body takes nothing else. Therefore the [CoarseClock]
 * looks at each tick: it repeats a call that nobody answers, and sends the threads round by the
 * executor's queue ([Round]).
 */
internal class Crew(
    private val group: OwnedGather<*, *>,
    private val bodies: Array<out ItemJob<*>>,
) : Runnable, TickListener {
    private val scope = group.scope

    /** Only says where to look: whether a body is still to be run, its phase decides. */
    private val next = AtomicInteger()

    /** A thread was called for, and has not come. */
    private val isCalled = AtomicBoolean(true)

    /** Threads inside [run]. */
    private val present = AtomicInteger()

    /** How many ticks have passed since [isCalled] was last seen false. By the clock alone. */
    private var unanswered = 0

    /** The last [Round] that was sent. By the clock alone. */
    @Volatile private var sent = 0

    /** The last [Round] that has come. */
    private val come = AtomicInteger()

    /** What the threads that take several bodies at a time have taken. */
    private val stretches = ConcurrentLinkedQueue<Stretch>()

    /**
     * A call of the clock's. Until it comes, threads go when they have run what they have taken: so
     * that whatever stands before it in the executor's queue has its turn.
     */
    private inner class Round(private val number: Int) : Runnable {
        override fun run() {
            come.accumulateAndGet(number) { a, b -> maxOf(a, b) } // it may have been repeated
            this@Crew.run()
        }
    }

    private val isRoundUnderWay: Boolean
        get() = sent > come.get()

    /** The body [at] runs; those behind it, up to [end], may not have begun. */
    private class Stretch {
        val at = AtomicInteger()
        @Volatile @JvmField var end = 0
    }

    fun start() {
        scope.engine.clock.listen(this)
        while (true) {
            try {
                return scope.executor.execute(this)
            } catch (e: Throwable) {
                // An executor that ran this and then threw has done its part.
                if (!isCalled.get()) return
                // Else it has refused a body, and the next one gets another chance.
                val refused = bodies.getOrNull(next.getAndIncrement())
                if (refused == null) return scope.engine.clock.forget(this)
                refused.refused(e)
            }
        }
    }

    override fun run() {
        present.incrementAndGet()
        isCalled.set(false)
        val runner = Runner.here()
        var stretch: Stretch? = null
        try {
            var length = 1
            while (true) {
                if (isRoundUnderWay) return
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
                    for (index in first until end) bodies[index].fetch()
                }
                tallied(runner) {
                    for (index in first until end) {
                        stretch?.at?.lazySet(index)
                        // Registered first, then called: whoever comes sees what is left here. One
                        // who comes for nothing goes again.
                        if (next.get() < bodies.size || isAnyLeftOver()) callAnother()
                        bodies[index].runOn(runner, foreignThread = false)
                    }
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
            // Nobody is inside, and nobody who comes will find a body.
            if (present.decrementAndGet() == 0 && next.get() >= bodies.size)
                scope.engine.clock.forget(this)
        }
    }

    override fun ticked(): Boolean {
        val isUnderWay = isRoundUnderWay
        unanswered = if (isCalled.get() || isUnderWay) unanswered + 1 else 0
        // After two ticks, and after twice as many each time: where all threads have work, what is
        // repeated must not fill the executor's queue.
        val mustRepeat = unanswered > 1 && unanswered.countOneBits() == 1
        // Cancelled, perhaps because the executor has dropped the call.
        if (mustRepeat && bodies.none { it.isQueued }) return false
        if (isUnderWay) {
            if (mustRepeat) call(Round(sent))
        } else if (present.get() > 0 && next.get() < bodies.size) {
            // Called from here: a thread of a ForkJoinPool finds its own calls before all others.
            // And first, then sent: the executor may refuse it, and then nobody may go.
            if (call(Round(sent + 1))) sent++
        } else if (mustRepeat) {
            call(this)
        }
        return true
    }

    private fun call(run: Runnable): Boolean =
        try {
            scope.executor.execute(run)
            true
        } catch (e: Throwable) {
            false
        }

    /**
     * Tells the group of the ends in [run] together: its count is one cache line for all threads.
     * It needs none of them before [run] has ended, which is inside one of its members until then.
     * Not where listeners are told of each end: they may run here, and look at the group.
     */
    private inline fun tallied(runner: Runner, run: () -> Unit) {
        if (scope.taskListeners != null) return run()
        // A body may run a crew on its own stack, as a ForkJoinPool does in a join.
        val outer = runner.tallyFor
        val outerTally = runner.tally
        runner.tallyFor = group
        runner.tally = 0
        try {
            run()
        } finally {
            val ended = runner.tally
            runner.tallyFor = outer
            runner.tally = outerTally
            if (ended > 0) group.countEnded(ended)
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
        return call(this).also { if (!it) isCalled.set(false) }
    }

    companion object {
        /** With half of it, a short body took a tenth longer. */
        private const val LONGEST = 32

        /**
         * Whether the threads of the scope's executor take bodies one after the other anyway. An
         * executor of the user's may do something of its own around each body, and a virtual thread
         * has the thread-locals of one.
         */
        fun serves(scope: ScopeImpl): Boolean =
            scope.executor.javaClass.let {
                it === ForkJoinPool::class.java || it === GrowingPool::class.java
            }
    }
}
