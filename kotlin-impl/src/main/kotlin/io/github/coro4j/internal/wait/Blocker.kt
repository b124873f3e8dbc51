package io.github.coro4j.internal.wait

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.engine
import io.github.coro4j.internal.pool.GrowingPool
import io.github.coro4j.internal.time.GivenLimit
import io.github.coro4j.spi.Turns
import java.util.concurrent.Executor
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.locks.LockSupport

/** Blocks one thread until something is over. It may run what it waits for; see [BlockingWait]. */
internal class Blocker(
    private val awaited: Awaitable,
    private val me: UserCodeJob<*>?,
    nanos: Long,
    private val limit: GivenLimit? = null,
) : Waiter(), ForkJoinPool.ManagedBlocker {
    private val thread = Thread.currentThread()
    private val limited = nanos != BlockingWait.FOREVER
    private val deadline = if (limited) System.nanoTime() + nanos else 0
    private var lookAgainAt = 0L
    private var looksAgain = false

    val isInterrupted: Boolean
        get() = thread.isInterrupted || me != null && me.isCancelled

    private val isFinished: Boolean
        get() =
            awaited.isOver ||
                isInterrupted ||
                limit?.hasPassed == true ||
                limited && deadline - System.nanoTime() <= 0

    @Volatile
    override var isStale = false
        private set

    fun leave(awaited: Awaitable) {
        isStale = true
        awaited.unsubscribe(this)
    }

    /** Wakes the waiting thread. Called on the thread that may have ended the wait. */
    override fun run() = LockSupport.unpark(thread)

    override fun isReleasable(): Boolean =
        isFinished || looksAgain && lookAgainAt - System.nanoTime() <= 0

    override fun block(): Boolean {
        // The pool may have parked this thread meanwhile to make another one. That park consumed
        // the unpark of the thread that ended the wait.
        if (isReleasable) return true
        when {
            looksAgain -> LockSupport.parkNanos(this, soonest() - System.nanoTime())
            limited -> LockSupport.parkNanos(this, deadline - System.nanoTime())
            else -> LockSupport.park(this)
        }
        return isReleasable
    }

    private fun soonest() = if (limited && deadline - lookAgainAt < 0) deadline else lookAgainAt

    /** Blocks until this is finished. The pool of the thread adds none in its place. */
    private fun parkUntilFinished() {
        looksAgain = false
        while (!isReleasable) block()
    }

    /** Blocks until this is finished, or for [slice] nanoseconds. */
    fun block(slice: Long) {
        looksAgain = slice != BlockingWait.FOREVER
        if (looksAgain) lookAgainAt = System.nanoTime() + slice
        // An interrupt ends this loop through isReleasable, and its flag stays set.
        while (!isReleasable) ForkJoinPool.managedBlock(this)
    }

    /**
     * Waits for the end of cancelled work. An unbegun Java body has ended by then, but a coroutine
     * needs a thread to end on. That may be the waiting thread, or the executor may have dropped
     * the coroutine. So the engine's pool takes the coroutines over.
     */
    fun blockOrTakeOver(executor: Executor) {
        var grace = GRACE_NANOS
        while (!isFinished) {
            block(grace)
            grace = (2 * grace).coerceAtMost(MAX_GRACE_NANOS)
            if (isFinished) return
            takeOverCoroutines()
            // A coroutine may wait for a body while it cleans up.
            DeadlockDetector.queuedBehind(awaited, executor)?.let(engine().pool::execute)
        }
    }

    fun blockOrHelp(me: UserCodeJob<*>, state: ThreadState) {
        val executor = me.scope.executor
        val engine = me.scope.engine
        // A thread of such an executor runs only what it has been given.
        if (executor is Turns) return block(BlockingWait.FOREVER)
        if (executor !== engine.pool) return helpWhileStarved(me, state, executor)
        val pool = engine.pool as? GrowingPool ?: return block(BlockingWait.FOREVER)
        while (pool.isCrowded && state.helpDepth < MAX_HELP_DEPTH && !isFinished) {
            val body = DeadlockDetector.queuedBehind(awaited, executor) ?: break
            if (!help(me, state, body)) break
        }
        pool.blocking { mustGrow ->
            if (mustGrow) block(BlockingWait.FOREVER) else parkUntilFinished()
        }
    }

    private fun helpWhileStarved(me: UserCodeJob<*>, state: ThreadState, executor: Executor) {
        var grace = if (state.helpDepth == 0) GRACE_NANOS else 0
        while (!isFinished) {
            if (grace > 0) block(grace)
            // A look walks over all that this waits for, so the looks become rarer.
            grace = (2 * grace).coerceIn(GRACE_NANOS, MAX_GRACE_NANOS)
            if (isFinished) return
            takeOverCoroutines()
            val body = DeadlockDetector.queuedBehind(awaited, executor) ?: continue
            grace = GRACE_NANOS
            if (state.helpDepth < MAX_HELP_DEPTH) {
                help(me, state, body)
            } else {
                // This stack is deep enough. A thread of the engine takes the body over, so that it
                // is not starved.
                me.scope.engine.pool.execute(body)
            }
        }
    }

    /**
     * Moves queued coroutines to the engine's pool, because this stack cannot run the rest of a
     * coroutine. What it needs may come from another coroutine in a way that the engine cannot see,
     * so this moves all that the scope has queued.
     */
    private fun takeOverCoroutines() {
        val scopes = HashSet<JobScope>()
        DeadlockDetector.walk(awaited, { true }, Awaitable::contributors) { each ->
            each.scopeToTakeOver?.let(scopes::add)
            false
        }
        scopes.forEach(JobScope::takeOverCoroutines)
    }

    private fun help(me: UserCodeJob<*>, state: ThreadState, body: BodyJob<*>): Boolean {
        // Inside `Task.nonCancellable` no cancel interrupts this thread anyway.
        val pauses = !state.isUncancellable
        if (pauses && !me.beginHelping()) {
            // Perhaps no other thread knows of this body, so hand it over.
            body.submit()
            return false
        }
        val waitingFor = state.waitingFor
        val mustWait = state.mustWait
        state.waitingFor = null
        state.mustWait = false
        state.helpDepth++
        try {
            body.run()
        } finally {
            state.helpDepth--
            state.mustWait = mustWait
            state.waitingFor = waitingFor
            if (pauses) me.endHelping()
        }
        // publish, then re-check: pairs with BlockingWait.publishing in a task that closed the
        // circle while this wait was hidden
        if (!isFinished)
            BlockingWait.refuseCircle(me, awaited, state, me.blockingWait(awaited, state))
        return true
    }

    private companion object {
        /** Depth to which waiters run bodies on one stack. Each level takes about 1 kB of it. */
        const val MAX_HELP_DEPTH = 32

        /**
         * Time that a waiter gives a user's executor to begin the body that it waits for. There is
         * no signal for "this executor has no free thread". Both outcomes are correct. If the
         * executor begins the body, a cancel of the waiter takes effect at once.
         */
        const val GRACE_NANOS = 2_000_000L
        const val MAX_GRACE_NANOS = 64_000_000L
    }
}
