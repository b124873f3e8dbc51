package io.github.coro4j.test

import io.github.coro4j.Future
import io.github.coro4j.TaskScope
import io.github.coro4j.spi.Activity
import io.github.coro4j.spi.Engine
import java.time.Duration
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.locks.LockSupport

/**
 * Lets the bodies of a scope run until each of them is idle, and moves the time from one timer to
 * the next. There is no signal for "nothing runs any more", so it looks again until two looks in a
 * row find the same idle scope; `Activity` says why two are enough.
 */
internal class Stepper(
    private val engine: Engine,
    private val scope: TaskScope,
    private val clock: VirtualClock,
    private val turns: ControlledExecutor?,
    private val guard: Duration,
) {
    private val ignored: MutableSet<Future<*>?> =
        Collections.synchronizedSet(Collections.newSetFromMap(IdentityHashMap()))
    private val runner = ClockThread()

    /** Another source of what is due; see [SharedScheduler]. */
    @Volatile var other: OtherEvents? = null

    interface OtherEvents {
        /** Returns when something is due next, or null. */
        fun nextDue(): Long?

        fun run(at: Long)
    }

    fun ignore(future: Future<*>) {
        ignored.add(future)
    }

    fun end() = runner.end()

    // ---- look

    val guardNanos: Long =
        try {
            guard.toNanos()
        } catch (e: ArithmeticException) {
            Long.MAX_VALUE
        }

    /** An ignored body that is cancelled stops soon, if it can. */
    private fun busyOf(activity: Activity) =
        activity.busy().filter { it.future() !in ignored || it.future()?.isCancelling == true }

    private fun mayBeStuck(work: Activity.Work) =
        work.isInForeignQueue() || work.future() in ignored

    /** Returns what has not ended and is not ignored. */
    fun unended(): List<Activity.Work> {
        val seen = engine.activity(scope, true)
        return (seen.busy() + seen.waiting()).filter { it.future() !in ignored }
    }

    /**
     * Waits until every body has ended or waits for the engine, and then gives turns until no body
     * waits for one. Returns early if [isOver].
     */
    fun settle(isOver: () -> Boolean = { false }) {
        var began = System.nanoTime()
        var changed = began
        var lastStamp = 0L
        var wasIdle = false
        var rounds = 0
        while (!isOver()) {
            val seen = engine.activity(scope, false)
            val busy = busyOf(seen)
            val isSame = seen.stamp() == lastStamp
            if (!isSame) changed = System.nanoTime()
            val unchanged = System.nanoTime() - changed
            // An executor of the user does not tell whether it has a free thread.
            val isStuck = unchanged > FOREIGN_PAUSE && busy.all(::mayBeStuck)
            val isIdle = (busy.isEmpty() || isStuck) && turns?.isRunning != true
            if (isIdle && wasIdle && isSame) {
                if (turns == null || !turns.next()) return
                began = System.nanoTime()
                changed = began
            }
            lastStamp = seen.stamp()
            wasIdle = isIdle
            if (!isIdle) {
                if (unchanged > guardNanos) throw notIdle(busy, guard)
                if ((System.nanoTime() - began) / MOST_GUARDS > guardNanos)
                    throw notIdle(busy, guard.multipliedBy(MOST_GUARDS.toLong()))
                pause(rounds++)
            }
        }
    }

    fun pause(round: Int) {
        if (round < YIELDS) Thread.yield()
        else LockSupport.parkNanos(if (round < 2 * YIELDS) SHORT_PAUSE else LONG_PAUSE)
    }

    private fun notIdle(busy: List<Activity.Work>, after: Duration) =
        failure(
            "${labelOf(scope)} is not idle after ${textOf(after)} of real time, so " +
                "the time cannot advance.\n" +
                busy.joinToString("\n", transform = ::describe) +
                "\nWait with Task.sleep(..).join() in place of Thread.sleep, and for a future in " +
                "place of a latch or a queue. For a body that is meant to block elsewhere, call " +
                "scope.ignore(task).\n" +
                scope.dump()
        )

    private fun describe(work: Activity.Work): String {
        val thread = work.thread() ?: return "${work.label()} ${work.doing()}."
        val frames = thread.stackTrace.take(MOST_FRAMES).joinToString("") { "\n    at $it" }
        return "${work.label()} ${work.doing()} on thread ${thread.name}$frames"
    }

    // ---- move

    /** Moves the time to [target], and stops at each timer on the way. */
    fun advanceTo(target: Long) {
        settle()
        while (fireNext(target)) settle()
        clock.moveTo(target)
        settle()
    }

    /**
     * Runs the next timer if it is due at [until] or before. Returns false if there is none. Timers
     * of one moment run one by one, and the bodies that each of them wakes run before the next.
     */
    fun fireNext(until: Long): Boolean {
        val events = other
        val due = events?.nextDue()
        if (due != null && due <= until && due <= (clock.nextDue() ?: Long.MAX_VALUE)) {
            clock.moveTo(due)
            lastFired = "the test scheduler"
            runner.run(guard, lastFired) { events.run(due) }
            return true
        }
        return fireOwn(until)
    }

    private fun fireOwn(until: Long): Boolean {
        val timer = clock.takeDue(until) ?: return false
        lastFired = timer.action.toString()
        runner.run(guard, "a timer of $lastFired") { timer.action.run() }
        return true
    }

    /**
     * Does what [advanceTo] does, but leaves [other] alone, because that one is moving the time.
     */
    fun followTo(target: Long) {
        settle()
        while (fireOwn(target)) settle()
    }

    /** The owner of the last timer that has run, for messages. */
    var lastFired = ""
        private set

    /** Moves the time from timer to timer until there is none. */
    fun advanceUntilIdle() {
        settle()
        var fired = 0
        while (fireNext(Long.MAX_VALUE)) {
            settle()
            if (++fired == MOST_TIMERS) throw tooManyTimers(fired)
        }
    }

    private fun tooManyTimers(fired: Int) =
        failure(
            "${labelOf(scope)} is not idle after $fired timers: the last was one of $lastFired, at " +
                "${Duration.ofNanos(clock.now)}. A timer that starts the next one never " +
                "comes to an end. Call advanceBy, which stops at a time, or cancel the work.\n" +
                scope.dump()
        )

    /**
     * Runs everything, and moves the time whenever nothing else can go on, until [isOver]. Returns
     * false if nothing is left that could make it so.
     */
    fun runUntil(isOver: () -> Boolean): Boolean {
        var fired = 0
        while (true) {
            settle(isOver)
            if (isOver()) return true
            if (!fireNext(Long.MAX_VALUE)) return isOver()
            if (++fired == MOST_TIMERS_OF_A_TEST) throw tooManyTimers(fired)
        }
    }

    /**
     * Waits for what no body and no timer does. Returns false if it takes longer than the guard.
     */
    fun awaitEnd(isOver: () -> Boolean): Boolean {
        val begin = System.nanoTime()
        var rounds = 0
        while (!isOver()) {
            if (System.nanoTime() - begin > guardNanos) return false
            pause(rounds++)
        }
        return true
    }

    private companion object {
        /** Time that an executor of the user gets to begin what it has in its queue. */
        const val FOREIGN_PAUSE = 100_000_000L

        /** How often the guard may pass while something goes on, such as a loop without an end. */
        const val MOST_GUARDS = 10
        const val YIELDS = 200
        const val SHORT_PAUSE = 20_000L
        const val LONG_PAUSE = 500_000L
        const val MOST_FRAMES = 12
        const val MOST_TIMERS = 10_000
        const val MOST_TIMERS_OF_A_TEST = 1_000_000
    }
}

internal fun labelOf(scope: TaskScope): String = "scope \"${scope.name()}\""
