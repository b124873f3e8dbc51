package io.github.coro4j.test

import io.github.coro4j.Registration
import io.github.coro4j.TimeSource
import java.time.Duration
import java.util.PriorityQueue

/**
 * A time that stands still until it is moved, and the timers that wait for it. Timers that are due
 * at the same moment keep the order in which they were started. Any thread may start and remove
 * timers; only one moves the time.
 */
internal class VirtualClock : TimeSource {
    private val timers = PriorityQueue<Entry>()
    private var started = 0L

    @Volatile private var moved = 0L

    /** Time since the clock was made, in nanoseconds. Moved under the lock. */
    val now: Long
        get() = other.let { if (it == null) moved else maxOf(moved, it.now()) }

    /** Another clock that shows the same time, or null. */
    @Volatile var other: OtherClock? = null

    interface OtherClock {
        fun now(): Long

        /** Makes the other clock stop at [due]. Returns what takes that back. */
        fun stopAt(due: Long): () -> Unit
    }

    override fun nanoTime(): Long = now

    override fun schedule(delay: Duration, action: Runnable): Registration {
        val entry =
            synchronized(this) {
                Entry(plus(now, delay), started++, action).also(timers::add)
            }
        other?.let { entry.stopsAt(it) }
        return entry
    }

    /** Returns the sum, or the latest time if that is later. */
    private fun plus(now: Long, delay: Duration): Long =
        try {
            Math.addExact(now, delay.toNanos())
        } catch (e: ArithmeticException) {
            Long.MAX_VALUE
        }

    /** Connects [clock], which shows the same time from now on. */
    fun connect(clock: OtherClock) {
        val all =
            synchronized(this) {
                other = clock
                timers.toList()
            }
        all.forEach { it.stopsAt(clock) }
    }

    /** Returns when the next timer is due, or null if there is none. */
    @Synchronized fun nextDue(): Long? = timers.peek()?.due

    /** Moves the time to [to], unless it is later already. */
    @Synchronized
    fun moveTo(to: Long) {
        if (to > moved) moved = to
    }

    /**
     * Takes the next timer if it is due at [until] or before, and moves the time to it. The caller
     * runs it.
     */
    @Synchronized
    fun takeDue(until: Long): Entry? {
        val next = timers.peek() ?: return null
        if (next.due > until) return null
        timers.poll()
        next.forgetStop()
        moveTo(next.due)
        return next
    }

    @Synchronized
    fun timers(): List<TestTimer> =
        timers.sorted().map { TestTimer(Duration.ofNanos(it.due), it.action.toString()) }

    inner class Entry(val due: Long, private val number: Long, val action: Runnable) :
        Registration, Comparable<Entry> {
        private var takeBack: (() -> Unit)? = null

        fun stopsAt(clock: OtherClock) {
            takeBack = clock.stopAt(due)
        }

        fun forgetStop() {
            takeBack?.invoke()
            takeBack = null
        }

        override fun remove(): Boolean {
            forgetStop()
            return synchronized(this@VirtualClock) { timers.remove(this) }
        }

        override fun close() {
            remove()
        }

        override fun compareTo(other: Entry): Int =
            compareValuesBy(this, other, { it.due }, { it.number })
    }
}
