@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.future.ownCancellation
import io.github.coro4j.internal.future.passOnOutside
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.afterCancel
import java.util.concurrent.CancellationException
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi

/**
 * The `asFuture` of a `Deferred` that kotlinx made. It ends when the `Deferred` ends, and in the
 * same way. It passes a cancel on, so it is cancelling until the coroutine behind the `Deferred`
 * has stopped (R2).
 */
internal class DeferredJob<T>(scope: JobScope, deferred: Deferred<T>) : FutureJob<T>(scope) {
    /** The `Deferred`; null after the end. */
    @Volatile
    var deferred: Deferred<T>? = deferred
        private set

    override val kind: String
        get() = "deferred"

    fun begin(): JobHandle<T> {
        val deferred = deferred!!
        // A coroutine carries its name; a plain `CompletableDeferred` has none.
        label = (deferred as? CoroutineScope)?.coroutineContext?.get(CoroutineName)?.name
        // A future for Java must have been started.
        deferred.start()
        deferred.invokeOnCompletion { ThreadState.runOrDefer(scope) { handleEnd(deferred) } }
        return handle()
    }

    /** Ends this job. No list of the scope has it, so the scope is held open meanwhile (R23). */
    private fun handleEnd(deferred: Deferred<T>) = scope.holdOpen {
        val exception = deferred.getCompletionExceptionOrNull()
        when {
            exception == null ->
                if (isCancelled) endWith(getCancellationException())
                else succeed(deferred.getCompleted())
            exception !is CancellationException -> endWith(afterCancel(exception))
            isCancelled -> endWith(getCancellationException())
            else -> endWith(ownCancellation(exception))
        }
    }

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        val deferred = deferred ?: return
        passOnOutside { deferred.cancel(getCancellationException()) }
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        deferred = null
    }

    /** Visits what a coroutine of this engine, and the coroutines below it, wait for. */
    override fun dependencies(visit: (Awaitable) -> Unit) {
        val deferred = deferred ?: return
        val context = (deferred as? CoroutineScope)?.coroutineContext ?: return
        context[CurrentTaskElement]?.job?.forEachWait {
            if (it.isInside(deferred)) visit(it.awaited)
        }
    }
}
