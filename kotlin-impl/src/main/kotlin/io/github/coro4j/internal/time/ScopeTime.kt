package io.github.coro4j.internal.time

import io.github.coro4j.Registration
import io.github.coro4j.TimeSource
import io.github.coro4j.internal.base.nanosOf
import io.github.coro4j.spi.SteppedTime
import java.time.Duration
import java.util.concurrent.Delayed
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.locks.LockSupport

/** Where a scope takes its time from. Scopes inside it share the object. */
internal abstract class ScopeTime {
    /** True for the clock of the machine. */
    abstract val isReal: Boolean

    abstract fun nanos(): Long

    /** What runs in the scopes that share this time; null for real time. */
    open val work: TimedWork?
        get() = null

    /** Returns the time for messages, which may be late by a tick of the [CoarseClock]. */
    abstract fun coarseNanos(): Long

    /** Runs [action] for [owner] when the time has passed, as code of the engine. */
    abstract fun after(duration: Duration, owner: TimerOwner, action: Runnable): ScheduledFuture<*>
}

/** What a timer is for, for the list of timers of a test. */
internal interface TimerOwner {
    fun toLabel(): String
}

/** The clock of the machine. */
internal class RealTime(private val timer: Timer, private val clock: CoarseClock) : ScopeTime() {
    override val isReal: Boolean
        get() = true

    override fun nanos() = System.nanoTime()

    override fun coarseNanos() = clock.nanos()

    override fun after(duration: Duration, owner: TimerOwner, action: Runnable) =
        timer.after(duration, action)
}

/**
 * The time of a [source] that the user has given. The thread of the source runs what is due,
 * because a test must know when that has happened.
 */
internal class GivenTime
private constructor(
    private val source: TimeSource,
    /** Runs an action as code of the engine. */
    private val run: (Runnable) -> Unit,
) : ScopeTime() {
    override val isReal: Boolean
        get() = false

    override val work = TimedWork()

    /** The time of another scope that shares this one. */
    fun shared(): TimeSource = Shared(this)

    /** Stands for a time that exists. */
    private class Shared(val time: GivenTime) : TimeSource by time.source

    /** Handles a wait without a limit, of a thread that may be the one that advances the time. */
    fun beforeWaitOutside(label: String, isOver: () -> Boolean) {
        (source as? SteppedTime)?.beforeWaitOutside(label, isOver)
    }

    override fun nanos(): Long = asking("nanoTime") { source.nanoTime() }

    override fun coarseNanos() = nanos()

    override fun after(
        duration: Duration,
        owner: TimerOwner,
        action: Runnable,
    ): ScheduledFuture<*> {
        val timer = GivenTimer(owner, nanos() + nanosOf(duration, "duration") { "" }, action)
        timer.registration =
            asking("schedule") {
                @Suppress("USELESS_ELVIS") // a source in Java may return null
                source.schedule(duration, timer) ?: error("schedule() must return a Registration")
            }
        return timer
    }

    private inline fun <R> asking(what: String, ask: () -> R): R =
        try {
            ask()
        } catch (e: Exception) {
            throw IllegalStateException(
                "the time source, a ${source.javaClass.name}, failed in $what(): $e; " +
                    "mend the source, whose methods must not throw",
                e,
            )
        }

    /** A timer of the source. It is its own handle. */
    private inner class GivenTimer(
        private val owner: TimerOwner,
        private val dueAt: Long,
        private val action: Runnable,
    ) : Runnable, ScheduledFuture<Any?> {
        private val isOver = AtomicBoolean()

        /** Set once the source has returned, which may be after it has run the timer. */
        @Volatile var registration: Registration? = null

        override fun run() {
            if (isOver.compareAndSet(false, true)) run(action)
        }

        override fun toString() = owner.toLabel()

        override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
            if (!isOver.compareAndSet(false, true)) return false
            try {
                registration?.remove()
            } catch (e: Exception) {
                // The source may run the timer later, which then does nothing.
            }
            return true
        }

        override fun isCancelled() = isOver.get()

        override fun isDone() = isOver.get()

        override fun getDelay(unit: TimeUnit): Long =
            unit.convert(dueAt - nanos(), TimeUnit.NANOSECONDS)

        override fun compareTo(other: Delayed): Int =
            getDelay(TimeUnit.NANOSECONDS).compareTo(other.getDelay(TimeUnit.NANOSECONDS))

        override fun get() = throw UnsupportedOperationException("a timer has no result")

        override fun get(timeout: Long, unit: TimeUnit) = get()
    }

    companion object {
        /** Returns the time of [source]. */
        fun of(source: TimeSource, run: (Runnable) -> Unit): GivenTime =
            if (source is Shared) source.time else GivenTime(source, run)

        fun isShared(source: TimeSource?): Boolean = source is Shared
    }
}

/** The limit of one wait of the calling thread, by a time that is not real. */
internal class GivenLimit(time: ScopeTime, nanos: Long, owner: TimerOwner) : Runnable {
    private val thread = Thread.currentThread()

    @Volatile
    var hasPassed = nanos <= 0
        private set

    private val timer: ScheduledFuture<*>? =
        if (hasPassed) null else time.after(Duration.ofNanos(nanos), owner, this)

    override fun run() {
        hasPassed = true
        LockSupport.unpark(thread)
    }

    fun cancel() {
        timer?.cancel(false)
    }
}
