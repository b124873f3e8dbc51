package io.github.coro4j.internal

import io.github.coro4j.WaitInterruptedException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.locks.LockSupport

/** Something that a thread can wait for, such as a job, or all work of a scope. */
internal interface Awaited {
    val isOver: Boolean

    val kind: String

    fun name(): String

    /** Returns kind and name for messages: `task "load"`. */
    fun toLabel(): String

    /** Calls [wake], on any thread, when this is over or may be. */
    fun subscribe(wake: Wake)

    /** Removes [wake], which is stale now and need not be called any more. */
    fun unsubscribe(wake: Wake)

    /** Calls [visit] with each thing that must end, or must run, before this one can end. */
    fun dependencies(visit: (Awaited) -> Unit)

    /**
     * Calls [visit] with each thing whose end may end this one; a thread that waits can run them.
     */
    fun contributors(visit: (Awaited) -> Unit) = dependencies(visit)

    /**
     * True if this cancels what it depends on once a time has passed. That opens a circle of waits,
     * unless a wait in it survives a cancel.
     */
    @get:JvmSynthetic
    val endsInTime: Boolean
        get() = false

    /** Returns a body that this waits for and that is in the queue of [executor], or null. */
    fun queuedOn(executor: Executor): BodyJob<*>?
}

/** Wakes a waiting thread or coroutine. */
internal abstract class Wake : Runnable {
    /** True once the waiter waits no longer. */
    open val isStale: Boolean
        get() = false
}

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
internal object Waiting {
    const val FOREVER = Long.MAX_VALUE

    /** The longest wait with a limit. */
    const val LONGEST = FOREVER - 1

    enum class Ended {
        OVER,
        TIME,
        /** The thread was interrupted, or its task was cancelled. */
        INTERRUPT,
    }

    /** How deep waiters may run bodies on one stack. Each level takes about 1 kB of it. */
    private const val MAX_HELP_DEPTH = 32

    /**
     * How long a waiter leaves a user's executor to begin the body that it waits for. There is no
     * signal for "this executor has no free thread". Both outcomes are correct. If the executor
     * begins the body, a cancel of the waiter takes effect at once.
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
     * Publishes the wait, then looks for a circle: pairs with the same steps of every other wait.
     * If several waits close a circle at the same time, the last one sees all of it.
     */
    private inline fun <R> publishing(
        me: WorkJob<*>,
        awaited: Awaited,
        runner: Runner,
        block: () -> R,
    ): R {
        runner.waitingFor = awaited
        val wait = blockingWait(me, awaited, runner)
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
        // If the task does not wait for this coroutine, there is no circle.
        if (wait == null && me is CoroutineJob<*>) return
        Circles.refuse(me, awaited, runner.mustWait, " on thread ${runner.threadName}") {
            it === me || wait != null && wait.isBlocked(it)
        }
    }

    /** Shows a wait with a limit in dumps. It is part of no circle. */
    private inline fun <R> showing(awaited: Awaited, runner: Runner, wait: () -> R): R {
        runner.waitingInTime = awaited
        try {
            return wait()
        } finally {
            runner.waitingInTime = null
        }
    }

    /**
     * Parks the thread. With [stuckOn] it waits for the end of cancelled work that may need a
     * thread of that executor.
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

    /**
     * Waits until [awaited] is over, unless that would close a circle. Keeps an interrupt flag set.
     */
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
        // Wait as a thread without a task, because a cancel of the task must not end this wait.
        keepingInterrupt({ awaited.isOver }) {
            park(awaited, null, FOREVER, stuckOn = usersExecutor(awaited, me))
        }

    /**
     * Returns the user's executor of the waiter, which holds one of its threads, or of what it
     * waits for.
     */
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

        /** Wakes the waiting thread. Called on the thread that may have ended the wait. */
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

        /** Blocks until this is finished. The pool of the thread adds none in its place. */
        private fun parkUntilFinished() {
            looksAgain = false
            while (!isReleasable) block()
        }

        /** Blocks until this is finished, or for [slice] nanoseconds. */
        fun block(slice: Long) {
            looksAgain = slice != FOREVER
            if (looksAgain) lookAgainAt = System.nanoTime() + slice
            // An interrupt ends this loop through isReleasable, and its flag stays set.
            while (!isReleasable) ForkJoinPool.managedBlock(this)
        }

        /**
         * Waits for the end of cancelled work. An unbegun Java body has ended by then, but a
         * coroutine needs a thread to end on. That may be the waiting thread, or the executor may
         * have dropped the coroutine. So the engine's pool takes the coroutines over.
         */
        fun blockOrTakeOver(executor: Executor) {
            var grace = GRACE_NANOS
            while (!isFinished) {
                block(grace)
                grace = (2 * grace).coerceAtMost(MAX_GRACE_NANOS)
                if (isFinished) return
                takeOverCoroutines()
                // A coroutine may wait for a body while it cleans up.
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
            pool.blocking { mustGrow -> if (mustGrow) block(FOREVER) else parkUntilFinished() }
        }

        private fun helpWhileStarved(me: WorkJob<*>, runner: Runner, executor: Executor) {
            var grace = if (runner.helpDepth == 0) GRACE_NANOS else 0
            while (!isFinished) {
                if (grace > 0) block(grace)
                // A look walks over all that this waits for, so the looks become rarer.
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
         * Moves queued coroutines to the engine's pool, because this stack cannot run the rest of a
         * coroutine. What it needs may come from another coroutine in a way that the engine cannot
         * see, so this moves all that the scope has queued.
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
                // Perhaps no other thread knows of this body, so hand it over.
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
            if (!isFinished) refuseCircle(me, awaited, runner, blockingWait(me, awaited, runner))
            return true
        }
    }

    // ---- messages

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
        // After an interrupt the flag is already set. For a task that was only cancelled, set it
        // here (R9). In a coroutine it stays set for the rest of the part.
        val runner = Runner.orNull()
        if (runner?.current != null && !Thread.currentThread().isInterrupted)
            runner.flagIsOurs = true
        interruptSelf()
        return WaitInterruptedException(name, message(waitedFor, andThen))
    }
}
