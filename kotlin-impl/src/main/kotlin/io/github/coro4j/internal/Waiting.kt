package io.github.coro4j.internal

import io.github.coro4j.WaitInterruptedException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.locks.LockSupport

/** Something a thread can wait for: a job, or all that lives in a scope. */
internal interface Awaited {
    val isOver: Boolean

    val kind: String

    fun name(): String

    /** Kind and name, for messages: `task "load"`. */
    fun toLabel(): String

    /** Calls [wake] when it is over, or may be; on any thread. */
    fun subscribe(wake: Wake)

    /** [wake] is stale: it need not be called any more. */
    fun unsubscribe(wake: Wake)

    /** Calls [visit] with each thing that must end, or must run, before this one can end. */
    fun dependencies(visit: (Awaited) -> Unit)

    /**
     * Calls [visit] with each thing whose end may end this one; a thread that waits can run them.
     */
    fun contributors(visit: (Awaited) -> Unit) = dependencies(visit)

    /**
     * When a time has passed it cancels what it depends on: that opens a circle of waits, but for
     * one that cannot be cut short.
     */
    @get:JvmSynthetic
    val endsInTime: Boolean
        get() = false

    /** A body that this waits for and that stands in the queue of [executor], if there is one. */
    fun queuedOn(executor: Executor): BodyJob<*>?
}

/** A call to somebody who waits. */
internal abstract class Wake : Runnable {
    /** Nobody waits any more. */
    open val isStale: Boolean
        get() = false
}

/**
 * How a thread waits without starving the pool it belongs to (R25; ADR 3 has the whole argument):
 * - on a virtual thread, or a thread that is not ours, it parks;
 * - on the engine's pool it parks as a managed blocker, so that the pool adds a thread; with very
 *   many blocked threads it first runs the body it waits for, if no thread has begun it;
 * - on a user's executor, which we cannot make grow, it runs that body itself if the executor does
 *   not begin it soon.
 *
 * A body that is run here is exactly one that is waited for, so this adds no circle that blocking
 * would not have.
 */
internal object Waiting {
    const val FOREVER = Long.MAX_VALUE

    /** The longest wait with a limit. */
    const val LONGEST = FOREVER - 1

    enum class Ended {
        OVER,
        TIME,
        /** The thread was interrupted, or its task cancelled. */
        INTERRUPT,
    }

    /** How deep waiters may run bodies on one stack: each level takes about 1 kB of it. */
    private const val MAX_HELP_DEPTH = 32

    /**
     * How long a waiter on a user's executor leaves the executor to begin what it waits for. There
     * is no signal for "this executor has no free thread"; both ends of this wait are correct, one
     * of them lets a cancel of the waiter take effect at once.
     */
    private const val GRACE_NANOS = 2_000_000L
    private const val MAX_GRACE_NANOS = 64_000_000L

    fun waitFor(awaited: Awaited, runner: Runner?, nanos: Long): Ended {
        if (awaited.isOver) return Ended.OVER
        val me = runner?.current
        if (me == null) return park(awaited, runner, nanos)
        if (nanos != FOREVER) return showing(awaited, runner) { park(awaited, runner, nanos) }
        return publishing(me, awaited, runner) { park(awaited, runner, nanos) }
    }

    /**
     * Published first, then looked for: of those who close a circle at the same time, the last one
     * sees it whole.
     */
    private inline fun <R> publishing(
        me: WorkJob<*>,
        awaited: Awaited,
        runner: Runner,
        block: () -> R,
    ): R {
        runner.waitingFor = awaited
        val wait = (me as? CoroutineJob<*>)?.let { blockingWait(it, awaited, runner) }
        wait?.begin()
        try {
            refuseCircle(me, awaited, runner, wait)
            return block()
        } finally {
            wait?.end()
            runner.waitingFor = null
        }
    }

    private fun refuseCircle(
        me: WorkJob<*>,
        awaited: Awaited,
        runner: Runner,
        wait: CoroutineWait?,
    ) {
        // If its task does not wait for the coroutine, there is no circle.
        if (wait == null && me is CoroutineJob<*>) return
        Circles.refuse(me, awaited, runner.mustWait, " on thread ${runner.threadName}") {
            it === me || wait != null && wait.isBlocked(it)
        }
    }

    /** A wait with a limit is part of no circle, and is only to be seen. */
    private inline fun <R> showing(awaited: Awaited, runner: Runner, wait: () -> R): R {
        runner.waitingInTime = awaited
        try {
            return wait()
        } finally {
            runner.waitingInTime = null
        }
    }

    /**
     * With [stuckOn] it is a wait for the end of what was cancelled, on that executor or for it.
     */
    private fun park(
        awaited: Awaited,
        runner: Runner?,
        nanos: Long,
        stuckOn: Executor? = null,
    ): Ended {
        val me = runner?.current
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
            else blocker.blockOrHelp(me, runner)
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

    /** Waits to the end whatever comes but a circle; an interrupt is kept for the caller to see. */
    fun uninterruptibly(awaited: Awaited) {
        val runner = Runner.orNull()
        val me = runner?.current
        if (me == null || awaited.isOver) return untilOver(awaited, null)
        runner.mustWait = true
        try {
            publishing(me, awaited, runner) { untilOver(awaited, me) }
        } finally {
            runner.mustWait = false
        }
    }

    fun uninterruptibly(latch: CountDownLatch) =
        keepingInterrupt({ latch.count == 0L }) {
            try {
                latch.await()
            } catch (e: InterruptedException) {
                interruptSelf()
            }
        }

    private fun untilOver(awaited: Awaited, me: WorkJob<*>?) =
        // As a thread without a task: the task's own cancel must not cut this short.
        keepingInterrupt({ awaited.isOver }) {
            park(awaited, null, FOREVER, stuckOn = usersExecutor(awaited, me))
        }

    /** That of the waiter, which holds one of its threads, or that of what is awaited. */
    private fun usersExecutor(awaited: Awaited, me: WorkJob<*>?): Executor? {
        val scopes = listOf(me?.scope, awaited as? ScopeImpl ?: (awaited as? FutureJob<*>)?.scope)
        return scopes.firstNotNullOfOrNull { it?.executor?.takeIf { e -> e !== it.engine.pool } }
    }

    private inline fun keepingInterrupt(isOver: () -> Boolean, wait: () -> Unit) {
        var interrupted = false
        while (!isOver()) {
            interrupted = Thread.interrupted() || interrupted
            wait()
        }
        if (interrupted) interruptSelf()
    }

    private class Blocker(private val awaited: Awaited, private val me: WorkJob<*>?, nanos: Long) :
        Wake(), ForkJoinPool.ManagedBlocker {
        private val thread = Thread.currentThread()
        private val limited = nanos != FOREVER
        private val deadline = if (limited) System.nanoTime() + nanos else 0
        private var lookAgainAt = 0L
        private var looksAgain = false

        val isInterrupted: Boolean
            get() = thread.isInterrupted || me != null && me.isCancelled

        private val isFinished: Boolean
            get() = awaited.isOver || isInterrupted || limited && deadline - System.nanoTime() <= 0

        @Volatile
        override var isStale = false
            private set

        fun leave(awaited: Awaited) {
            isStale = true
            awaited.unsubscribe(this)
        }

        /** Somebody may have ended it; called on their thread. */
        override fun run() = LockSupport.unpark(thread)

        override fun isReleasable(): Boolean =
            isFinished || looksAgain && lookAgainAt - System.nanoTime() <= 0

        override fun block(): Boolean {
            // The pool may have parked this thread meanwhile to make another one. That park
            // consumed the unpark of the thread that ended the wait.
            if (isReleasable) return true
            when {
                looksAgain -> LockSupport.parkNanos(this, lookAgainAt - System.nanoTime())
                limited -> LockSupport.parkNanos(this, deadline - System.nanoTime())
                else -> LockSupport.park(this)
            }
            return isReleasable
        }

        /** Blocks until this is finished, or for [slice] nanoseconds. */
        fun block(slice: Long) {
            looksAgain = slice != FOREVER
            if (looksAgain) lookAgainAt = System.nanoTime() + slice
            // Not cut short by an interrupt here: block() above returns for one, and the flag stays
            // set.
            while (!isReleasable) ForkJoinPool.managedBlock(this)
        }

        /**
         * For the end of what was cancelled. A body of Java that nobody has begun has ended then,
         * but a coroutine needs a thread to end on, which may be this one, or one of an executor
         * that has dropped it: the engine's pool has others.
         */
        fun blockOrTakeOver(executor: Executor) {
            var grace = GRACE_NANOS
            while (!isFinished) {
                block(grace)
                grace = (2 * grace).coerceAtMost(MAX_GRACE_NANOS)
                if (isFinished) return
                takeOverCoroutines()
                // One may wait for a body while it cleans up.
                awaited.queuedOn(executor)?.let(engine().pool::execute)
            }
        }

        fun blockOrHelp(me: WorkJob<*>, runner: Runner) {
            val executor = me.scope.executor
            val engine = me.scope.engine
            if (executor !== engine.pool) return helpWhileStarved(me, runner, executor)
            val pool = engine.pool as? GrowingPool ?: return block(FOREVER)
            while (pool.isCrowded && runner.helpDepth < MAX_HELP_DEPTH && !isFinished) {
                val body = awaited.queuedOn(executor) ?: break
                if (!help(me, runner, body)) break
            }
            pool.blocking { block(FOREVER) }
        }

        private fun helpWhileStarved(me: WorkJob<*>, runner: Runner, executor: Executor) {
            var grace = if (runner.helpDepth == 0) GRACE_NANOS else 0
            while (!isFinished) {
                if (grace > 0) block(grace)
                // Looking costs a walk over all that this waits for, so it is done less and less.
                grace = (2 * grace).coerceIn(GRACE_NANOS, MAX_GRACE_NANOS)
                if (isFinished) return
                takeOverCoroutines()
                val body = awaited.queuedOn(executor) ?: continue
                grace = GRACE_NANOS
                if (runner.helpDepth < MAX_HELP_DEPTH) {
                    help(me, runner, body)
                } else {
                    // This stack is deep enough. A thread of the engine takes the body over, so
                    // that it is not starved.
                    me.scope.engine.pool.execute(body)
                }
            }
        }

        /**
         * The rest of a coroutine cannot be run on this stack. What it needs may come from another
         * one, which nobody can see: so all that its scope has queued goes on elsewhere.
         */
        private fun takeOverCoroutines() {
            val scopes = HashSet<ScopeImpl>()
            Circles.walk(awaited, { true }, Awaited::contributors) { each ->
                if (each is CoroutineJob<*>) scopes.add(each.scope)
                false
            }
            scopes.forEach(ScopeImpl::takeOverCoroutines)
        }

        private fun help(me: WorkJob<*>, runner: Runner, body: BodyJob<*>): Boolean {
            if (!me.beginHelping()) {
                // Nobody else may know of it.
                body.submit()
                return false
            }
            val waitingFor = runner.waitingFor
            runner.waitingFor = null
            runner.helpDepth++
            try {
                body.run()
            } finally {
                runner.helpDepth--
                runner.waitingFor = waitingFor
                me.endHelping()
            }
            // publish, then look again: pairs with `publishing` in a task that closed the circle
            // while this wait was hidden
            if (!isFinished)
                refuseCircle(
                    me,
                    awaited,
                    runner,
                    (me as? CoroutineJob<*>)?.let { blockingWait(it, awaited, runner) },
                )
            return true
        }
    }

    // ---- whose waiting ended

    private fun waiter(): String =
        Runner.orNull()?.current?.toLabel() ?: "thread \"${Thread.currentThread().name}\""

    fun message(waitedFor: String, andThen: String = "which runs on"): String {
        val me = Runner.orNull()?.current
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
        val name = Runner.orNull()?.current?.name() ?: Thread.currentThread().name
        // Set already where the wait was interrupted; a task that was only told to stop gets it
        // here (R9). In a coroutine it is for the rest of the part.
        val runner = Runner.orNull()
        if (runner?.current != null && !Thread.currentThread().isInterrupted)
            runner.flagIsOurs = true
        interruptSelf()
        return WaitInterruptedException(name, message(waitedFor, andThen))
    }
}
