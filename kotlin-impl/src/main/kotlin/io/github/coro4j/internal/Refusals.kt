@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import java.util.concurrent.CancellationException
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * A dispatcher or executor has not taken a part of the coroutine with this [context]: the task
 * fails with [thrown] (R35). The part runs elsewhere, and finds its job cancelled.
 */
internal fun refused(context: CoroutineContext, thrown: Throwable) {
    val exception = thrownByDispatcher(thrown)
    val job = context[Job]
    val of = context[TaskElement]?.job
    // A task that fails cancels the coroutines below it, but for those that are not cancellable.
    val isBelow = job != null && of is SuspendJob<*> && isBlockedBy(of, job)
    if (job != null && !isBelow && !isShielded(job))
        job.cancel(
            CancellationException("its dispatcher refused it").apply { initCause(exception) }
        )
    of?.couldNotRun(exception, context)
}

/**
 * What the user's dispatcher has thrown. A view by `limitedParallelism`, `dispatchYield` and
 * `asExecutor` put it into an exception of kotlinx.coroutines, whose class is internal: it is known
 * by its message. `DispatcherThatThrowsTest` breaks when that changes.
 */
internal fun thrownByDispatcher(exception: Throwable): Throwable {
    if (!exception.javaClass.name.startsWith("kotlinx.coroutines.")) return exception
    val message = exception.message ?: return exception
    val isWrapper =
        message.startsWith("Coroutine dispatcher ") && " threw an exception, context" in message
    return (if (isWrapper) exception.cause?.let(::thrownByDispatcher) else null) ?: exception
}

/** One part of a coroutine, for a dispatcher of the user's. Runs once, wherever it is first. */
internal class DispatchedPart(private val context: CoroutineContext, block: Runnable) :
    AtomicReference<Runnable?>(block), Runnable {
    private val job = context[Job]
    private val wasActive = job?.isActive == true

    val isBegun: Boolean
        get() = get() == null

    override fun run() {
        val block = getAndSet(null) ?: return
        if (wasActive && !job!!.isActive) rejection(job)?.let { refused(context, it) }
        Runner.use { runner ->
            val outer = runner.dispatching
            runner.dispatching = null
            try {
                block.run()
            } finally {
                runner.dispatching = outer
            }
        }
    }

    /**
     * Whether a cancel of [cancelled] on this thread, now, is how a dispatcher refuses this part.
     */
    fun isRefusalOf(cancelled: Job): Boolean = job === cancelled && !isBegun

    private companion object {
        /**
         * What kotlinx.coroutines says where an executor has refused a part: it cancels the job.
         */
        const val REJECTED = "The task was rejected"

        fun rejection(job: Job): RejectedExecutionException? {
            // Our own jobs are told by `isRefusalOf`, while they are being cancelled.
            if (job is FutureJob<*>) return null
            val cancellation = job.getCancellationException()
            if (cancellation.message?.startsWith(REJECTED) != true) return null
            return rejectionIn(cancellation)
        }
    }
}

/** What the executor has thrown, if the dispatcher tells. */
internal fun rejectionIn(cancellation: Throwable): RejectedExecutionException =
    cancellation.cause as? RejectedExecutionException
        ?: RejectedExecutionException("the dispatcher refused it: ${cancellation.message}").apply {
            initCause(cancellation)
        }
