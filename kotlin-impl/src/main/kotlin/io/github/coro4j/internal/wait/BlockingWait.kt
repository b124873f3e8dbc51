package io.github.coro4j.internal.wait

import io.github.coro4j.WaitInterruptedException
import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.internal.base.keepingInterrupt
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BlockingCoroutineWait
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UserCodeJob
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
        val me = state?.current
        if (me == null) return park(awaited, state, nanos)
        if (nanos != FOREVER) return showing(awaited, state) { park(awaited, state, nanos) }
        return publishing(me, awaited, state) { park(awaited, state, nanos) }
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

    fun refuseCircle(
        me: UserCodeJob<*>,
        awaited: Awaitable,
        state: ThreadState,
        wait: BlockingCoroutineWait?,
    ) {
        // If the task does not wait for this coroutine, there is no circle.
        if (wait == null && me.isCoroutine) return
        DeadlockDetector.refuse(me, awaited, state.mustWait, " on thread ${state.threadName}") {
            it === me || wait != null && wait.isBlocked(it)
        }
    }

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
     * thread of that executor.
     */
    private fun park(
        awaited: Awaitable,
        state: ThreadState?,
        nanos: Long,
        stuckOn: Executor? = null,
    ): Ended {
        val me = state?.current
        if (awaited.isOver) return Ended.OVER
        if (me != null && me.isCancelled || Thread.currentThread().isInterrupted)
            return Ended.INTERRUPT
        if (nanos <= 0) return Ended.TIME
        val blocker = Blocker(awaited, me, nanos)
        awaited.subscribe(blocker)
        val line = me?.wakeOnCancel(blocker)
        try {
            if (stuckOn != null) blocker.blockOrTakeOver(stuckOn)
            else if (me == null || nanos != FOREVER) blocker.block(FOREVER)
            else blocker.blockOrHelp(me, state)
        } finally {
            line?.dispose()
            blocker.leave(awaited)
        }
        return when {
            awaited.isOver -> Ended.OVER
            blocker.isInterrupted -> Ended.INTERRUPT
            else -> Ended.TIME
        }
    }

    /**
     * Waits until [awaited] is over, unless that would close a circle. Keeps an interrupt flag set.
     */
    fun uninterruptibly(awaited: Awaitable) {
        val state = ThreadState.orNull()
        val me = state?.current
        if (me == null || awaited.isOver) return untilOver(awaited, null)
        state.mustWait = true
        try {
            publishing(me, awaited, state) { untilOver(awaited, me) }
        } finally {
            state.mustWait = false
        }
    }

    private fun untilOver(awaited: Awaitable, me: UserCodeJob<*>?) =
        // Wait as a thread without a task, because a cancel of the task must not end this wait.
        keepingInterrupt({ awaited.isOver }) {
            park(awaited, null, FOREVER, stuckOn = usersExecutor(awaited, me))
        }

    /**
     * Returns the user's executor of the waiter, which holds one of its threads, or of what it
     * waits for.
     */
    private fun usersExecutor(awaited: Awaitable, me: UserCodeJob<*>?): Executor? {
        val scopes = listOf(me?.scope, awaited as? JobScope ?: (awaited as? FutureJob<*>)?.scope)
        return scopes.firstNotNullOfOrNull { it?.executor?.takeIf { e -> e !== it.engine.pool } }
    }

    // ---- messages

    private fun waiter(): String =
        ThreadState.orNull()?.current?.toLabel() ?: "thread \"${Thread.currentThread().name}\""

    fun message(waitedFor: String, andThen: String = "which runs on"): String {
        val me = ThreadState.orNull()?.current
        val why =
            if (me != null && me.isCancelled)
                "was cancelled (${me.getCancellationException().message})"
            else "was interrupted"
        return "${waiter()} $why while it waited for $waitedFor, $andThen"
    }

    fun interrupted(
        waitedFor: String,
        andThen: String = "which runs on",
    ): WaitInterruptedException {
        val name = ThreadState.orNull()?.current?.name() ?: Thread.currentThread().name
        // After an interrupt the flag is already set. For a task that was only cancelled, set it
        // here (R9). In a coroutine it stays set for the rest of the part.
        val state = ThreadState.orNull()
        if (state?.current != null && !Thread.currentThread().isInterrupted) state.flagIsOurs = true
        interruptSelf()
        return WaitInterruptedException(name, message(waitedFor, andThen))
    }
}
