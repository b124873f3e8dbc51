package io.github.coro4j.internal.pool

import java.util.concurrent.ForkJoinTask

/**
 * Work that does not run inside a body. A thread of a `ForkJoinPool` that waits for a task of its
 * own, as in a parallel stream, may take other queued work meanwhile. The body on its stack may
 * hold a lock that this work needs, so the work is queued again, by a thread outside the pool.
 */
internal class PoolWork(private val pool: GrowingPool, run: Runnable) : ForkJoinTask<Void?>() {
    /** The work; null once it was taken, because a frame of the pool keeps this object for long. */
    private var run: Runnable? = run

    override fun exec(): Boolean {
        val thread = Thread.currentThread() as PoolThread
        val mine = run!!
        run = null
        if (thread.threadState.isAtWork) {
            pool.putOff(mine)
        } else {
            thread.runWork(mine)
        }
        return true
    }

    override fun getRawResult(): Void? = null

    override fun setRawResult(value: Void?) = Unit
}
