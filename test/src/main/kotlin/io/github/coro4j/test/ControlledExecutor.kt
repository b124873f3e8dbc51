package io.github.coro4j.test

import io.github.coro4j.spi.Turns
import java.util.SplittableRandom
import java.util.concurrent.locks.LockSupport

/**
 * Runs the bodies of a test scope one at a time, in an order that depends on a seed. A body runs
 * until it ends or waits for something of this library; then another body gets its turn. So each
 * seed tries one order of a test's own bodies, and the seed of a failing run repeats that run.
 *
 * It gives turns only while the test thread advances the time, closes the scope, or waits without a
 * limit. Until then a body that was started stays in line. A callback gets a turn of its own, as a
 * body does.
 *
 * Bodies run on daemon threads of their own. Use one executor for one test scope:
 * ```java
 * TestScope scope = TestScope.builder().executor(ControlledExecutor.seeded(17)).open();
 * ```
 */
public class ControlledExecutor private constructor(private val seed: Long) : Turns {
    // The first numbers of java.util.Random are alike for neighbouring seeds.
    private val random = SplittableRandom(seed)

    /** Those that wait for a turn. Guarded by the lock of this object, as are the fields below. */
    private val line = ArrayList<Candidate>()
    private val candidates = HashMap<Thread, Candidate>()
    private var arrived = 0
    private var holder: Candidate? = null

    /** Returns the seed. */
    public fun seed(): Long = seed

    /** A body or a part of a coroutine. It keeps its number for all its turns. */
    private inner class Candidate(val number: Int, private val work: Runnable) : Runnable {
        @Volatile var hasTurn = false
        var thread: Thread? = null

        override fun run() {
            synchronized(this@ControlledExecutor) { candidates[Thread.currentThread()] = this }
            try {
                work.run()
            } finally {
                synchronized(this@ControlledExecutor) {
                    candidates.remove(Thread.currentThread())
                    if (holder === this) holder = null
                }
            }
        }
    }

    /** Puts [command] in line. Any thread may call it; it starts nothing. */
    override fun execute(command: Runnable) {
        synchronized(this) { line.add(Candidate(arrived++, command)) }
    }

    /** True if a body has its turn. */
    internal val isRunning: Boolean
        @Synchronized get() = holder != null

    /** Gives a turn to one of those in line. Returns false if none is. */
    internal fun next(): Boolean {
        val chosen: Candidate
        synchronized(this) {
            if (holder != null || line.isEmpty()) return holder != null
            // Bodies that wake at the same moment come in any order, so their numbers decide.
            line.sortBy { it.number }
            chosen = line.removeAt(random.nextInt(line.size))
            holder = chosen
        }
        chosen.hasTurn = true
        val thread = chosen.thread
        if (thread != null) LockSupport.unpark(thread)
        else
            Thread(chosen, "coro4j-test-${chosen.number}").apply {
                isDaemon = true
                chosen.thread = this
                start()
            }
        return true
    }

    override fun waitBegins() {
        synchronized(this) {
            val candidate = candidates[Thread.currentThread()] ?: return
            candidate.hasTurn = false
            if (holder === candidate) holder = null
        }
    }

    override fun waitEnded() {
        val candidate: Candidate
        synchronized(this) {
            candidate = candidates[Thread.currentThread()] ?: return
            if (candidate.hasTurn) return
            line.add(candidate)
        }
        var wasInterrupted = false
        while (!candidate.hasTurn) {
            LockSupport.park(this)
            // A cancel interrupts a body that waits for its turn; the body finds the flag then.
            wasInterrupted = Thread.interrupted() || wasInterrupted
        }
        if (wasInterrupted) Thread.currentThread().interrupt()
    }

    @Synchronized
    override fun isInLine(thread: Thread): Boolean = candidates[thread]?.let { it in line } == true

    override fun toString(): String = "ControlledExecutor(seed $seed)"

    public companion object {
        /** Returns a new executor whose turns depend on [seed] alone. */
        @JvmStatic public fun seeded(seed: Long): ControlledExecutor = ControlledExecutor(seed)
    }
}
