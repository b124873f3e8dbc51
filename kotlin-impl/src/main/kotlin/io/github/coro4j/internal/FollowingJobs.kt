package io.github.coro4j.internal

import io.github.coro4j.Future
import java.time.Duration
import java.util.concurrent.TimeoutException
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.Job

/**
 * `shield`: ends as its source does, unless it is cancelled first, which does not touch the source.
 * It takes the source's failure on only if it is still pending; otherwise the failure stays unread
 * where it is.
 */
internal class ShieldJob<T>(origin: FutureJob<T>) : PromiseJob<T>(origin.scope) {
    @Volatile private var source: FutureJob<T>? = origin
    private var subscription: DisposableHandle? = null

    override val kind: String
        get() = "future"

    fun begin(): Future<T> {
        val from = source!!
        label = derivedName(from, "shield")
        subscription = from.invokeOnCompletion {
            Runner.here().handOn(scope) { decide { follow(from) } }
        }
        return handle()
    }

    override fun requestCancel(reason: String?, interrupt: Boolean): Boolean {
        val cancelled = super.requestCancel(reason, interrupt)
        // A source that runs on must not keep the shields that were dropped.
        if (cancelled) subscription?.dispose()
        return cancelled
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        source = null
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        source?.let(visit)
    }
}

/**
 * `orTimeout` and `completeOnTimeout`: ends as its source does, or with a timeout. The phase says
 * whether the time passed before the source ended; from then on it is a timeout, whatever the
 * source makes of being cancelled.
 */
internal class TimeoutJob<T>(
    origin: FutureJob<T>,
    private val limit: Duration,
    private val instead: Instead<T>?,
) : FutureJob<T>(origin.scope) {
    @Volatile private var source: FutureJob<T>? = origin

    class Instead<T>(val value: T)

    fun begin(): Future<T> {
        val verb = if (instead == null) "orTimeout" else "completeOnTimeout"
        val from = source!!
        scope.checkOpen { "derive $verb from ${from.toLabel()}" }
        label = derivedName(from, verb)
        val timer: Job? =
            if (from.isCompleted) null else Timer.after(limit, scope.engine.pool, ::expire)
        from.invokeOnCompletion {
            timer?.cancel()
            Runner.here().handOn(scope) { sourceEnded(from) }
        }
        return handle()
    }

    override val endsInTime: Boolean
        get() = true

    private fun expire() {
        // A cancel that came first stays a cancel.
        if (!isCancelled && advance(PENDING, EXPIRED))
            source?.requestCancel("timed out after ${seconds(limit)}", interrupt = true)
    }

    private fun sourceEnded(from: FutureJob<T>) {
        val late = !advance(PENDING, ENDED)
        when {
            late && instead != null -> succeed(instead.value)
            late -> endWith(timeout(from))
            else -> followUnlessCancelled(from)
        }
    }

    private fun timeout(from: FutureJob<T>): TimeoutException {
        val timeout =
            TimeoutException(
                "${from.toLabel()} did not end within ${seconds(limit)}, and was cancelled"
            )
        from.failed?.let { if (attach(timeout, it.exception)) from.markRead() }
        return timeout
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        Runner.here().later { source?.requestCancel(reason, interrupt) }
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        source = null
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        source?.let(visit)
    }

    private companion object {
        const val PENDING = 0
        const val EXPIRED = 1
        const val ENDED = 2
    }
}
