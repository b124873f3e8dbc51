package io.github.coro4j.internal.time

import io.github.coro4j.internal.base.DaemonThreads
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.locks.LockSupport

/**
 * The time of `System.nanoTime()`, late by about [TICK_NANOS]; for messages. Reading the real clock
 * took a third of the time of a short body. Here only the first caller after a tick reads it, and
 * the others read a field.
 *
 * The ticking thread rests when no caller has asked for a while, and ends when it has rested for
 * some time. The [TickListener]s rest with it, because the work that they watch begins with a call
 * of [nanos].
 */
internal class CoarseClock {
    @Volatile private var written = 0L

    /** True if a caller has asked since the last tick. It is set after [written]. */
    @Volatile private var isAsked = false
    @Volatile private var isTicking = false
    @Volatile private var ticker: Thread? = null

    val listeners: MutableSet<TickListener> = ConcurrentHashMap.newKeySet<TickListener>()

    /** Calls [listener] at each tick, until it returns false. */
    fun listen(listener: TickListener) {
        listeners.add(listener)
    }

    fun forget(listener: TickListener) {
        listeners.remove(listener)
    }

    private val soon = ConcurrentLinkedQueue<Runnable>()

    /** Runs [step], which is short and runs no user code, on the ticker's thread. */
    fun soon(step: Runnable) {
        soon.add(step)
        nanos() // wakes a sleeping ticker
        ticker?.let(LockSupport::unpark)
    }

    fun nanos(): Long = if (isAsked) written else look()

    private fun look(): Long {
        val now = System.nanoTime()
        written = now
        isAsked = true
        // publish, then re-check: pairs with CoarseClock.rest
        if (!isTicking) wakeTicker()
        return now
    }

    @Synchronized
    private fun wakeTicker() {
        if (isTicking) return
        try {
            isTicking = true
            val resting = ticker
            if (resting == null) ticker = DaemonThreads.start("coro4j-clock", ::tick)
            else LockSupport.unpark(resting)
        } catch (e: Throwable) {
            // The JVM has no thread left: the next caller reads the real clock, and tries again.
            isTicking = false
            isAsked = false
        }
    }

    private val isWanted: Boolean
        get() = isTicking || isAsked || soon.isNotEmpty()

    private fun rest() {
        isTicking = false
        // publish, then re-check: pairs with CoarseClock.look
        val end = System.nanoTime() + DaemonThreads.lingerNanos
        while (!isWanted) {
            val left = end - System.nanoTime()
            if (left <= 0) return
            LockSupport.parkNanos(this, left)
            Thread.interrupted()
        }
    }

    /** Returns whether the ticker must end. A caller that asks after that starts a new thread. */
    @Synchronized
    private fun ends(): Boolean {
        isTicking = isWanted
        if (!isTicking) ticker = null
        return !isTicking
    }

    private fun tick() {
        var idleTicks = 0
        while (true) {
            // Clears a stray interrupt, which would end each park below at once.
            Thread.interrupted()
            if (isAsked) {
                idleTicks = 0
                isAsked = false
            } else if (++idleTicks > LINGERING_TICKS) {
                rest()
                if (ends()) return
                idleTicks = 0
            }
            val tick = System.nanoTime() + TICK_NANOS
            while (true) {
                val left = tick - System.nanoTime()
                if (left <= 0) break
                takeSoon()
                if (soon.isEmpty()) LockSupport.parkNanos(this, left)
            }
            tellListeners()
        }
    }

    private fun takeSoon() {
        try {
            while (true) (soon.poll() ?: return).run()
        } catch (e: Throwable) {
            // An error of the JVM. The listener repeats the step if necessary.
        }
    }

    private fun tellListeners() {
        try {
            for (listener in listeners) if (!listener.ticked()) listeners.remove(listener)
        } catch (e: Throwable) {
            // An error of the JVM, such as a full heap. The clock goes on and calls them again.
        }
    }

    private companion object {
        const val TICK_NANOS = 10_000_000L
        const val LINGERING_TICKS = 100
    }
}

/** Observes the ticks of a [CoarseClock], on its thread. */
internal fun interface TickListener {
    /** Handles a tick. Returns false to get no more of them. */
    fun ticked(): Boolean
}
