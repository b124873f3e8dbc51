@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.noting
import io.github.coro4j.internal.time.TimerOwner
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Delay
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * The dispatcher of a scope whose time is not real. `delay` and `withTimeout` of kotlinx.coroutines
 * ask the dispatcher for the time if it is a [Delay], which has no public counterpart. It counts
 * the parts that have not ended, so that a clock can wait until the scope is idle.
 */
internal class DelayingDispatcher(scope: JobScope) : ScopeDispatcher(scope), Delay {
    /** The parts that have not ended, whichever thread runs them. */
    val parts: MutableSet<CountedPart> = ConcurrentHashMap.newKeySet()

    override fun dispatch(context: CoroutineContext, block: Runnable) =
        super.dispatch(context, CountedPart(block).also(parts::add))

    override fun scheduleResumeAfterDelay(
        timeMillis: Long,
        continuation: CancellableContinuation<Unit>,
    ) {
        val timer =
            scope.time.after(Duration.ofMillis(timeMillis), ownerIn(continuation.context)) {
                continuation.resume(Unit)
            }
        continuation.invokeOnCancellation { timer.cancel(false) }
    }

    override fun invokeOnTimeout(
        timeMillis: Long,
        block: Runnable,
        context: CoroutineContext,
    ): DisposableHandle {
        val timer = scope.time.after(Duration.ofMillis(timeMillis), ownerIn(context), block)
        return DisposableHandle { timer.cancel(false) }
    }

    private fun ownerIn(context: CoroutineContext): TimerOwner =
        context[CurrentTaskElement]?.job ?: scope

    inner class CountedPart(private val block: Runnable) : Runnable {
        /** The thread that runs it, or null before it begins. */
        @Volatile
        var state: ThreadState? = null
            private set

        override fun run() = ThreadState.use {
            scope.time.noting(it) {
                // Set the state only after noting the run. ActivityTaker counts a part without a
                // state as queued, and finds any other part through its noted run. In the other
                // order, it could miss this part.
                state = it
                try {
                    block.run()
                } finally {
                    parts.remove(this)
                }
            }
        }
    }
}

/**
 * Returns whether this coroutine, or one below it, runs on a dispatcher whose queue the engine
 * cannot see.
 */
internal fun CoroutineJob<*>.isElsewhere(): Boolean = hasForeignPart(this)

private fun hasForeignPart(job: Job): Boolean {
    if (job.isCompleted) return false
    val interceptor = (job as? CoroutineScope)?.coroutineContext?.get(ContinuationInterceptor)
    val isKnown =
        interceptor == null ||
            interceptor is DelayingDispatcher ||
            interceptor === Dispatchers.Unconfined ||
            isOfTests(interceptor)
    return !isKnown || job.children.any(::hasForeignPart)
}
