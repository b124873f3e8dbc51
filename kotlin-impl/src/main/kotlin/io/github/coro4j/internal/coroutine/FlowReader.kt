package io.github.coro4j.internal.coroutine

import io.github.coro4j.coroutines.FlowIterator
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WaitQueue
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.foldEnd
import io.github.coro4j.internal.job.jobOf
import io.github.coro4j.internal.job.unwatch
import io.github.coro4j.internal.job.watch
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.GuardedWait
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.spi.Exceptions
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * Reads the items of a flow on a thread. A task collects the flow. It starts when the reader asks
 * for the first item, and is suspended after each item until the reader asks for the next one.
 *
 * The lock guards the fields. No thread resumes the coroutine or wakes a reader under it.
 */
internal class FlowReader<T>(private val scope: JobScope, private val flow: Flow<T>) :
    FlowIterator<T>, Awaitable {
    private val waiters = WaitQueue()
    private var job: FutureJob<*>? = null
    private var isClosed = false

    /** The collector, while it is suspended between two items. */
    private var suspended: CancellableContinuation<Unit>? = null

    /** True from the reader's request for an item until the item is there. */
    private var isAsked = false

    /** The item that the reader asked for, or [NOTHING]. */
    @Volatile private var item: Any? = NOTHING

    // ---- the collector

    private suspend fun collect() = flow.collect { next ->
        synchronized(this) {
            isAsked = false
            item = next
        }
        waiters.wakeAll()
        suspendCancellableCoroutine { coroutine ->
            val goesOn =
                synchronized(this) {
                    if (!isAsked) suspended = coroutine
                    isAsked
                }
            if (goesOn) coroutine.resume(Unit)
        }
    }

    // ---- the reader

    override fun hasNext(): Boolean {
        while (item === NOTHING) {
            val job = ask() ?: return false
            if (
                BlockingWait.waitFor(this, ThreadState.orNull(), BlockingWait.FOREVER) ==
                    BlockingWait.Ended.INTERRUPT
            )
                throw WaitMessages.interrupted("the next item of ${job.toLabel()}")
            if (item === NOTHING && job.isCompleted) return ended(job)
        }
        return true
    }

    /** Asks for the next item. Returns the collecting job, or null if this reader was closed. */
    private fun ask(): FutureJob<*>? {
        val toResume: CancellableContinuation<Unit>?
        val asked: FutureJob<*>
        synchronized(this) {
            if (isClosed) return null
            asked = job ?: begin().also { job = it }
            // An earlier wait was interrupted, and the item arrived after that. Asking again would
            // lose it.
            if (item !== NOTHING) return asked
            isAsked = true
            toResume = suspended
            suspended = null
        }
        toResume?.resume(Unit)
        return asked
    }

    private fun begin(): FutureJob<*> {
        val task =
            scope.startSuspending("flow", EmptyCoroutineContext, fromJava = true) {
                collect()
            }
        return jobOf<Unit>(task) { "task" }
    }

    private fun ended(job: FutureJob<*>): Boolean {
        job.markRead()
        return foldEnd(
            job.end,
            failed = { throw Exceptions.completion(it.exception) },
            cancelled = { if (isClosed) false else throw it.cancellation },
            succeeded = { false },
        )
    }

    @Suppress("UNCHECKED_CAST")
    override fun next(): T {
        if (!hasNext()) throw NoSuchElementException("the flow has no more items")
        val taken = item
        item = NOTHING
        return taken as T
    }

    override fun close() {
        val running =
            synchronized(this) {
                isClosed = true
                item = NOTHING
                job
            }
        if (running == null || running.isCompleted) return
        running.cancelFromUser("its reader was closed")
        if (!running.isDone) GuardedWait.ask(running)
        BlockingWait.uninterruptibly(running)
    }

    // ---- Awaitable: the next item, or the end

    @get:JvmSynthetic
    override val isOver: Boolean
        get() = item !== NOTHING || job?.isCompleted != false

    @get:JvmSynthetic
    override val kind: String
        get() = "next item"

    override fun name(): String = "flow"

    override fun toLabel(): String = "the next item of a flow"

    override fun subscribe(waiter: Waiter) = waiters.subscribe(waiter) { job?.watch(waiter) }

    override fun unsubscribe(waiter: Waiter) {
        waiters.remove(waiter)
        job?.unwatch(waiter)
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        job?.let(visit)
    }

    private companion object {
        val NOTHING = Any()
    }
}
