package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.time.TickListener
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ForkJoinTask
import java.util.concurrent.atomic.AtomicReference

/**
 * The calls by which a [WorkerSource] gets its workers. There is at most one call that no worker
 * has answered.
 */
internal class WorkerCalls(private val source: WorkerSource<*>) : TickListener {
    private val engine = source.scope.engine
    private val executor = source.scope.executor

    /**
     * The thread whose call no worker has answered yet, or [OUTSIDE]; null if there is no such
     * call. A worker's own call is in its own queue.
     */
    private val caller = AtomicReference<Any?>(Thread.currentThread())

    private val isCalled: Boolean
        get() = caller.get() != null

    /** Number of ticks since [isCalled] was last seen false. Only the clock's thread uses it. */
    private var unanswered = 0

    /**
     * The pool of the user, or null. It may be shut down, and its workers have queues of their own.
     */
    private val pool = executor as? ForkJoinPool

    /** Calls the first worker. If the executor refuses, the first bodies fail, until it accepts. */
    fun begin() {
        engine.clock.listen(this)
        while (true) {
            try {
                return executor.execute(source)
            } catch (e: Throwable) {
                // The executor may have run this and then thrown. Then there is nothing left to do.
                if (!isCalled) return
                // Otherwise it has refused one body. Fail that body, and call again for the next
                // one.
                val refused = source.claimUnbegun() ?: return
                refused.refused(e)
            }
        }
    }

    /** Notes that a worker has come. */
    fun answered() = caller.set(null)

    /** Ends the calls, because no item is left. */
    fun end() = engine.clock.forget(this)

    /** Releases the last caller, which may be a thread of the user. */
    fun forget() = caller.set(null)

    /** Returns whether the calling worker must leave the group, and has called another one. */
    fun mustLeave(): Boolean {
        val pool = pool ?: return false
        if (pool.isTerminating) {
            // After shutdownNow() the pool begins nothing new, and silently drops work that one of
            // its own threads submits.
            fromOutside()
            return true
        }
        if (pool.isShutdown || !hasWorkOfItsOwn()) return false
        // A worker runs what a body has forked before it takes work from outside. The next body may
        // wait for that forked work. In the queue of a FIFO worker the call goes behind that work.
        if (pool.asyncMode) return another()
        if (caller.compareAndSet(null, OUTSIDE)) fromOutside()
        return true
    }

    private fun hasWorkOfItsOwn(): Boolean =
        ForkJoinTask.getQueuedTaskCount() > if (caller.get() === Thread.currentThread()) 1 else 0

    override fun ticked(): Boolean {
        if (source.isClaimed) return false
        unanswered = if (isCalled) unanswered + 1 else 0
        // Repeat the call after two ticks, then after twice as many each time. If all threads are
        // busy, repeated calls must not fill the executor's queue.
        if (unanswered > 1 && (unanswered.countOneBits() == 1 || pool?.isTerminated == true))
            fromOutside()
        return true
    }

    /** Calls a worker from another thread, so that this thread does not take the call itself. */
    fun fromOutside() {
        caller.set(OUTSIDE)
        if (pool == null) return engine.clock.soon(::callHere)
        try {
            // A pool of the user may run user code to create a thread, which must not happen on the
            // clock's thread.
            engine.duties.execute(::callHere)
        } catch (e: Throwable) {
            // The JVM has no thread left. The clock repeats the call.
        }
    }

    fun callHere() {
        try {
            executor.execute(source)
        } catch (e: Throwable) {
            // After shutdown() the pool still runs what it has. The clock repeats the call.
            if (pool != null && pool.isShutdown && !pool.isTerminating && !pool.isTerminated) return
            // The pool dropped the call or has no thread, now or later.
            if (isCalled) source.refuseAll(e)
        }
    }

    /** Calls another worker. Returns false if there is no thread, so this worker must go on. */
    fun another(): Boolean {
        if (isCalled || !caller.compareAndSet(null, Thread.currentThread())) return true
        try {
            executor.execute(source)
            return true
        } catch (e: Throwable) {
            caller.set(null)
            return false
        }
    }

    private companion object {
        /** Stands for a caller that is no worker. */
        val OUTSIDE = Any()
    }
}
