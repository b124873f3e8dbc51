package io.github.coro4j.internal.wait

import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BlockingCoroutineWait
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.MainJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.engine
import io.github.coro4j.internal.time.GivenLimit
import io.github.coro4j.spi.Turns
import java.util.concurrent.Executor

/**
 * Makes a thread wait without starving its pool (R25; ADR 3 has the whole argument):
 * - a virtual thread, or a thread outside the engine, parks;
 * - a thread of the engine's pool parks as a managed blocker, so that the pool adds a thread; if
 *   very many threads are blocked, it first runs the body it waits for, unless a thread has begun
 *   it;
 * - a thread of a user's executor, which the engine cannot make grow, runs that body itself if the
 *   executor does not begin it soon.
 *
 * A waiter runs only a body that it waits for, so this adds no circle that blocking would not have.
 */
internal object BlockingWait {
    const val FOREVER = Long.MAX_VALUE

    enum class Ended {
        OVER,
        TIME,
        /** The thread was interrupted, or its task was cancelled. */
        INTERRUPT,
    }

    fun waitFor(awaited: Awaitable, state: ThreadState?, nanos: Long): Ended {
        if (awaited.isOver) return Ended.OVER
        GuardedWait.ask(awaited, nanos)
        if (nanos == FOREVER) {
            awaited.refuseFromInside()
            refuseOnItsThread(awaited, state)
        } else {
            val wait = LimitedWait.of(awaited, state, nanos)
            if (wait != null)
                return inGivenTime(wait, state!!) {
                    park(awaited, state, FOREVER, limit = wait.limit)
                }
        }
        val me = state?.current
        if (me != null && me.isCoroutine) me.warnOfBlocking(awaited, state)
        if (me == null) {
            val hook = state?.hook?.takeIf { nanos == FOREVER }
            if (hook == null) {
                if (nanos == FOREVER && state?.callbackOf == null) beforeWaitOutside(awaited)
                return showingCallback(awaited, state) { park(awaited, state, nanos) }
            }
            return publishingHook(hook, awaited, state) { park(awaited, state, nanos) }
        }
        if (nanos != FOREVER) return showing(awaited, state) { park(awaited, state, nanos) }
        if (state.isUncancellable)
            return mustWaiting(me.scope.engine, state) {
                publishing(me, awaited, state) { park(awaited, state, nanos) }
            }
        return publishing(me, awaited, state) {
            // The body of a run is on the caller's thread, which may be that of a test.
            if (me is MainJob) beforeWaitOutside(awaited)
            park(awaited, state, nanos)
        }
    }

    /** Tells a time that stands still of a wait that may be on the thread that must advance it. */
    private fun beforeWaitOutside(awaited: Awaitable) {
        val scope = awaited as? JobScope ?: (awaited as? FutureJob<*>)?.scope
        if (scope?.time?.isReal == false) engine().beforeWaitOutside(scope.time, awaited)
    }

    /**
     * Publishes the wait during [block]. If several waits close a circle at the same time, the last
     * one sees all of it.
     */
    private inline fun <R> publishing(
        me: UserCodeJob<*>,
        awaited: Awaitable,
        state: ThreadState,
        block: () -> R,
    ): R {
        state.waitingFor = awaited
        val wait = me.blockingWait(awaited, state)
        wait?.begin()
        try {
            // publish, then re-check: pairs with BlockingWait.publishing and CoroutineWait.begin of
            // other waits
            refuseCircle(me, awaited, state, wait)
            return block()
        } finally {
            wait?.end()
            state.waitingFor = null
        }
    }

    /** Throws if [awaited] needs work that only this thread can run. */
    private fun refuseOnItsThread(awaited: Awaitable, state: ThreadState?) {
        if (state?.isOfTheEngine == true || !engine().hasConfinedWork) return
        DeadlockDetector.refuseOnItsThread(awaited, WaitMessages.waiter())
    }

    /** Publishes a wait of a cancel hook, which no cancel ends. */
    private inline fun <R> publishingHook(
        hook: Awaitable,
        awaited: Awaitable,
        state: ThreadState,
        block: () -> R,
    ): R =
        mustWaiting(engine(), state) {
            state.waitingFor = awaited
            try {
                // publish, then re-check: see publishing
                DeadlockDetector.refuse(hook, awaited, mustWait = true, "") { it === hook }
                block()
            } finally {
                state.waitingFor = null
            }
        }

    fun refuseCircle(
        me: UserCodeJob<*>,
        awaited: Awaitable,
        state: ThreadState,
        wait: BlockingCoroutineWait?,
    ) {
        // If the task does not wait for this coroutine, there is no circle.
        if (wait == null && me.isCoroutine) return
        DeadlockDetector.refuse(me, awaited, state.mustWait, " on ${state.threadLabel}") {
            it === me || wait != null && wait.isBlocked(it)
        }
    }

    private inline fun <R> inGivenTime(wait: LimitedWait, state: ThreadState, block: () -> R): R {
        try {
            return showing(wait, state, block)
        } finally {
            wait.limit.cancel()
        }
    }

    /** Shows the wait of a callback to a clock that waits until nothing runs. */
    private inline fun <R> showingCallback(
        awaited: Awaitable,
        state: ThreadState?,
        wait: () -> R,
    ): R = if (state?.callbackOf?.time?.isReal == false) showing(awaited, state, wait) else wait()

    /** Shows a wait with a limit in dumps. It is part of no circle. */
    private inline fun <R> showing(awaited: Awaitable, state: ThreadState, wait: () -> R): R {
        state.waitingInTime = awaited
        try {
            return wait()
        } finally {
            state.waitingInTime = null
        }
    }

    /**
     * Parks the thread. With [stuckOn] it waits for the end of cancelled work that may need a
     * thread of that executor. Each end of the wait wakes the thread: its [limit] too.
     */
    private fun park(
        awaited: Awaitable,
        state: ThreadState?,
        nanos: Long,
        stuckOn: Executor? = null,
        limit: GivenLimit? = null,
    ): Ended {
        val me = state?.current
        // Inside `Task.nonCancellable` no cancel ends the wait.
        val ending = me.takeUnless { state?.isUncancellable == true }
        if (awaited.isOver) return Ended.OVER
        if (ending != null && ending.isCancelled || Thread.currentThread().isInterrupted)
            return Ended.INTERRUPT
        if (nanos <= 0 || limit?.hasPassed == true) return Ended.TIME
        val blocker = Blocker(awaited, ending, nanos, limit)
        awaited.subscribe(blocker)
        val line = ending?.wakeOnCancel(blocker)
        val here = state ?: ThreadState.orNull()
        here?.let(::scopeOfCode)?.time?.work?.changed()
        val turns = here?.let(::turnsOf)
        turns?.waitBegins()
        try {
            if (stuckOn != null) blocker.blockOrTakeOver(stuckOn)
            else if (me == null || nanos != FOREVER || limit != null) blocker.block(FOREVER)
            else blocker.blockOrHelp(me, state)
        } finally {
            line?.dispose()
            blocker.leave(awaited)
            turns?.waitEnded()
        }
        return when {
            awaited.isOver -> Ended.OVER
            blocker.isInterrupted -> Ended.INTERRUPT
            else -> Ended.TIME
        }
    }

    /**
     * Waits until [awaited] is over, or for [nanos], and returns whether it is over. Keeps an
     * interrupt flag set. A wait without a limit throws if it would close a circle. Tells [slow],
     * once, if the wait takes long.
     */
    fun uninterruptibly(
        awaited: Awaitable,
        nanos: Long = FOREVER,
        slow: SlowWait? = null,
    ): Boolean {
        if (awaited.isOver) return true
        val state = ThreadState.orNull()
        if (nanos == FOREVER) refuseOnItsThread(awaited, state)
        val me = state?.current
        val wait = if (nanos == FOREVER) null else LimitedWait.of(awaited, state, nanos)
        if (wait != null)
            return mustWaiting(engine(), state!!) {
                inGivenTime(wait, state) { untilOver(awaited, me, FOREVER, slow, wait.limit) }
            }
        if (me == null) {
            val hook = state?.hook?.takeIf { nanos == FOREVER }
            if (hook == null) {
                if (nanos == FOREVER && state?.callbackOf == null) beforeWaitOutside(awaited)
                return untilOver(awaited, null, nanos, slow)
            }
            return publishingHook(hook, awaited, state) { untilOver(awaited, null, nanos, slow) }
        }
        if (nanos != FOREVER) return showing(awaited, state) { untilOver(awaited, me, nanos, slow) }
        return mustWaiting(me.scope.engine, state) {
            publishing(me, awaited, state) { untilOver(awaited, me, nanos, slow) }
        }
    }

    /** Shows to the search for circles that a cancel does not end the wait in [block]. */
    private inline fun <R> mustWaiting(
        engine: EngineServices,
        state: ThreadState,
        block: () -> R,
    ): R {
        val mustWaits = engine.mustWaits
        mustWaits.incrementAndGet()
        state.mustWait = true
        try {
            return block()
        } finally {
            state.mustWait = false
            mustWaits.decrementAndGet()
        }
    }

    private fun untilOver(
        awaited: Awaitable,
        me: UserCodeJob<*>?,
        nanos: Long,
        slow: SlowWait?,
        limit: GivenLimit? = null,
    ): Boolean {
        val begin = System.nanoTime()
        val stuckOn = usersExecutor(awaited, me)
        var unwarned = slow
        var interrupted = false
        try {
            while (true) {
                interrupted = Thread.interrupted() || interrupted
                val waited = System.nanoTime() - begin
                val left = if (nanos == FOREVER) FOREVER else nanos - waited
                val slice =
                    minOf(left, if (unwarned == null) FOREVER else unwarned.slowNanos - waited)
                // Wait as a thread without a task, because a cancel of the task must not end this
                // wait.
                if (park(awaited, null, slice, stuckOn, limit) == Ended.OVER) return true
                if (limit?.hasPassed == true) return false
                val now = System.nanoTime() - begin
                if (nanos != FOREVER && now >= nanos) return false
                if (unwarned != null && now >= unwarned.slowNanos) {
                    unwarned.waitIsSlow()
                    unwarned = null
                }
            }
        } finally {
            if (interrupted) interruptSelf()
        }
    }

    /**
     * Returns the user's executor of the waiter, which holds one of its threads, or of what it
     * waits for.
     */
    private fun usersExecutor(awaited: Awaitable, me: UserCodeJob<*>?): Executor? {
        val scopes = listOf(me?.scope, awaited as? JobScope ?: (awaited as? FutureJob<*>)?.scope)
        return scopes.firstNotNullOfOrNull {
            it?.executor?.takeIf { e -> e !== it.engine.pool && e !is Turns }
        }
    }
}
