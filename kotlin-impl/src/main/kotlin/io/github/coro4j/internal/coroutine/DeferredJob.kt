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
import kotlin.coroutines.ContinuationInterceptor
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi

/**
 * The `asFuture` of a `Deferred` that kotlinx made. It ends when the `Deferred` ends, and in the
 * same way. It passes a cancel on, so it is cancelling until the coroutine behind the `Deferred`
 * has stopped (R2).
 */
internal class DeferredJob<T>(scope: JobScope, deferred: Deferred<T>) :
    FutureJob<T>(scope.ownerOfStarted()) {
    /** The `Deferred`; null after the end. */
    @Volatile
    var deferred: Deferred<T>? = deferred
        private set

    /** The coroutine behind the `Deferred`; null if a plain `CompletableDeferred` has none. */
    private val coroutine: CoroutineScope?
        get() = deferred as? CoroutineScope

    private val interceptor: ContinuationInterceptor?
        get() = coroutine?.coroutineContext?.get(ContinuationInterceptor)

    override val kind: String
        get() = "deferred"

    fun begin(): JobHandle<T> {
        val deferred = deferred!!
        label = coroutine?.coroutineContext?.get(CoroutineName)?.name
        if (isConfined(interceptor)) scope.engine.hasConfinedWork = true
        owner.started(this)
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

    /** False if the coroutine waits for its children, because its own body may have returned. */
    override val needsThisThread: Boolean
        get() {
            val coroutine = coroutine ?: return false
            return coroutine.coroutineContext.isConfinedToThisThread() &&
                (coroutine.runsItsBody() || deferred?.children?.none() == true)
        }

    /** True if the body may have returned, so that another thread may be about to end this. */
    override val isUnsettled: Boolean
        get() = coroutine?.runsItsBody() == false

    override val scopeToTakeOver: JobScope?
        get() = (interceptor as? ScopeDispatcher)?.scope

    /** Visits what a coroutine of this engine, and the coroutines below it, wait for. */
    override fun dependencies(visit: (Awaitable) -> Unit) {
        val deferred = deferred ?: return
        coroutine?.coroutineContext?.get(CurrentTaskElement)?.job?.forEachWait {
            if (it.isInside(deferred)) visit(it.awaited)
        }
    }
}

/**
 * Returns whether the body of this coroutine has not returned, and nothing has cancelled it. Only
 * its text tells a body that runs ("Active") from a body that has returned ("Completing"), because
 * the children are gone from the list a moment before the coroutine ends. If kotlinx.coroutines
 * changes the text, a wait on the thread of the coroutine takes longer until it is refused, and
 * `ConfinedThreadTest` fails.
 */
private fun CoroutineScope.runsItsBody(): Boolean =
    toString().substringAfterLast('{').startsWith("Active}")
