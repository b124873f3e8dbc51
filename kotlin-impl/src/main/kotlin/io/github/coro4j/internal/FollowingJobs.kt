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
internal class ShieldJob<T>(private val source: FutureJob<T>) : PromiseJob<T>(source.scope) {
    private var subscription: DisposableHandle? = null

    override val kind: String
        get() = "future"

    fun begin(): Future<T> {
        label = "${source.name()}.shield"
        subscription = source.invokeOnCompletion { decide { follow(source) } }
        return handle()
    }

    override fun requestCancel(reason: String?, interrupt: Boolean): Boolean {
        val cancelled = super.requestCancel(reason, interrupt)
        // A source that runs on must not keep the shields that were dropped.
        if (cancelled) subscription?.dispose()
        return cancelled
    }

    override fun dependencies(visit: (FutureJob<*>) -> Unit) = visit(source)
}

/**
 * `orTimeout` and `completeOnTimeout`: ends as its source does, or with a timeout. The phase says
 * whether the time passed before the source ended; from then on it is a timeout, whatever the
 * source makes of being cancelled.
 */
internal class TimeoutJob<T>(
    private val source: FutureJob<T>,
    private val limit: Duration,
    private val instead: Instead<T>?,
) : FutureJob<T>(source.scope) {
    class Instead<T>(val value: T)

    fun begin(): Future<T> {
        val verb = if (instead == null) "orTimeout" else "completeOnTimeout"
        scope.checkOpen("derive $verb from ${source.toLabel()}")
        label = "${source.name()}.$verb"
        val timer: Job? = if (source.isCompleted) null else Timer.after(limit, ::expire)
        source.invokeOnCompletion {
            timer?.cancel()
            sourceEnded()
        }
        return handle()
    }

    private fun expire() {
        // A cancel that came first stays a cancel.
        if (!isCancelled && advance(PENDING, EXPIRED))
            source.requestCancel("timed out after $limit", interrupt = true)
    }

    private fun sourceEnded() {
        val late = !advance(PENDING, ENDED)
        when {
            late && instead != null -> succeed(instead.value)
            late -> endWith(timeout())
            isCancelled -> endWith(getCancellationException())
            else -> follow(source)
        }
    }

    private fun timeout(): TimeoutException {
        val timeout =
            TimeoutException("${source.toLabel()} did not end within $limit, and was cancelled")
        source.failed?.let { if (attach(timeout, it.exception)) source.markRead() }
        return timeout
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        source.requestCancel(reason, interrupt)
    }

    override fun dependencies(visit: (FutureJob<*>) -> Unit) = visit(source)

    private companion object {
        const val PENDING = 0
        const val EXPIRED = 1
        const val ENDED = 2
    }
}
