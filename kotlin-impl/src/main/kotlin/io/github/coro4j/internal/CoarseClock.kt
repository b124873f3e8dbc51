package io.github.coro4j.internal

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport

/**
 * The time as `System.nanoTime()` has it, late by up to [TICK_NANOS] and the whims of the
 * scheduler; for messages. Reading the real clock took a third of the time of a short body; here
 * the first one who asks after a tick reads it, and the others read a field. The thread that ticks
 * rests when nobody has asked for a while, and with it the [TickListener]s: what they look after
 * begins with a question to this clock. When it has rested for some time, the thread ends.
 */
internal class CoarseClock {
    @Volatile private var written = 0L

    /** Somebody has looked since the last tick. Whoever sets it has written the time before. */
    @Volatile private var isAsked = false
    @Volatile private var isTicking = false
    @Volatile private var ticker: Thread? = null

    val listeners: MutableSet<TickListener> = ConcurrentHashMap.newKeySet<TickListener>()

    /** Tells [listener] of ticks, until it wants no more. */
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
        nanos() // a ticker that sleeps is woken by it
        ticker?.let(LockSupport::unpark)
    }

    fun nanos(): Long = if (isAsked) written else look()

    private fun look(): Long {
        val now = System.nanoTime()
        written = now
        isAsked = true
        // The ticker says that it stops before it looks for the last time; one of the two sees the
        // other.
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
            // No thread is to be had: whoever asks reads the real clock, and tries again.
            isTicking = false
            isAsked = false
        }
    }

    private val isWanted: Boolean
        get() = isTicking || isAsked || soon.isNotEmpty()

    private fun rest() {
        isTicking = false
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DaemonThreads.LINGER_SECONDS)
        while (!isWanted) {
            val left = end - System.nanoTime()
            if (left <= 0) return
            LockSupport.parkNanos(this, left)
            Thread.interrupted()
        }
    }

    /** Looked at under the lock: who wants the time from now on starts another thread. */
    @Synchronized
    private fun ends(): Boolean {
        isTicking = isWanted
        if (!isTicking) ticker = null
        return !isTicking
    }

    private fun tick() {
        var idleTicks = 0
        while (true) {
            // A stray interrupt, which would end each park below at once.
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
            // As below; what has thrown is repeated by its listener, if need be.
        }
    }

    private fun tellListeners() {
        try {
            for (listener in listeners) if (!listener.ticked()) listeners.remove(listener)
        } catch (e: Throwable) {
            // An error of the JVM, such as a full heap: the clock must go on, and tells them again.
        }
    }

    private companion object {
        const val TICK_NANOS = 10_000_000L
        const val LINGERING_TICKS = 100
    }
}

/** Told of each tick of a [CoarseClock], on its thread. */
internal fun interface TickListener {
    /** False if it is to be told no more. */
    fun ticked(): Boolean
}
