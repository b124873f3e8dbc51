@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.base.thrownByDispatcher
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.QueuedPart
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.isBlockedBy
import io.github.coro4j.internal.job.isShielded
import java.util.concurrent.CancellationException
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Fails the task of the coroutine with this [context], because a dispatcher or executor refused a
 * part of it with [thrown] (R35). The part runs elsewhere, and sees that its job is cancelled.
 */
internal fun refused(context: CoroutineContext, thrown: Throwable) {
    val exception = thrownByDispatcher(thrown)
    val job = context[Job]
    val of = context[CurrentTaskElement]?.job
    // A task that fails cancels the coroutines below it, except non-cancellable ones.
    val isBelow = job != null && of is SuspendTaskJob<*> && isBlockedBy(of, job)
    if (job != null && !isBelow && !isShielded(job))
        job.cancel(
            CancellationException("the dispatcher of this coroutine refused it").apply {
                initCause(exception)
            }
        )
    of?.couldNotRun(exception, context)
}

/**
 * One part of a coroutine, for a dispatcher of the user. Runs once, on the first thread to run it.
 */
internal class DispatchedPart(private val context: CoroutineContext, block: Runnable) :
    QueuedPart(context[Job], block) {
    private val wasActive = coroutine?.isActive == true

    override fun begin(state: ThreadState, block: Runnable): QueuedPart? {
        if (wasActive && !coroutine!!.isActive) rejection(coroutine)?.let { refused(context, it) }
        val outer = state.dispatching
        state.dispatching = null
        try {
            return super.begin(state, block)
        } finally {
            state.dispatching = outer
        }
    }

    private companion object {
        /**
         * Start of the message with which kotlinx.coroutines cancels the job if an executor
         * refuses.
         */
        const val REJECTED = "The task was rejected"

        fun rejection(job: Job): RejectedExecutionException? {
            // `isRefusalOf` handles our own jobs while they are being cancelled.
            if (job is FutureJob<*>) return null
            val cancellation = job.getCancellationException()
            if (cancellation.message?.startsWith(REJECTED) != true) return null
            return rejectionIn(cancellation)
        }
    }
}

/** Returns what the executor threw, or a new exception if the dispatcher does not pass it on. */
internal fun rejectionIn(cancellation: Throwable): RejectedExecutionException =
    cancellation.cause as? RejectedExecutionException
        ?: RejectedExecutionException(
                "the dispatcher refused to run the coroutine: ${cancellation.message}"
            )
            .apply { initCause(cancellation) }
