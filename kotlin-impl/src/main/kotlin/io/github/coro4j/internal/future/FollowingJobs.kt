package io.github.coro4j.internal.future

import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.seconds
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.TimeoutPhase.EXPIRED
import io.github.coro4j.internal.job.TimeoutPhase.PENDING
import io.github.coro4j.internal.job.TimeoutPhase.SOURCE_ENDED
import io.github.coro4j.internal.job.recordingSite
import io.github.coro4j.internal.job.startedAtText
import io.github.coro4j.internal.job.unwatch
import io.github.coro4j.internal.job.watch
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeoutException

/**
 * The future of `shield`. It ends as its source does, unless it is cancelled first. Such a cancel
 * does not reach the source, and a later failure of the source stays unread there.
 */
internal class ShieldJob<T>(origin: FutureJob<T>) : PromiseJob<T>(origin.scope.recordingSite()) {
    @Volatile private var source: FutureJob<T>? = origin

    override val kind: String
        get() = "future"

    fun begin(): Future<T> {
        val from = source!!
        label = derivedName(from, "shield")
        // The body that has started the source wants it to go on after a cancel (R31).
        ThreadState.orNull()?.current?.started?.leave(from)
        from.watch(this)
        return handle()
    }

    override fun sourceEnded(source: FutureJob<*>) =
        ThreadState.runOrDefer(scope) { decide { follow(source) } }

    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean {
        val from = source
        val cancelled = super.requestCancel(reason, interrupt, origin)
        // A source that runs on must not keep shields that were cancelled.
        if (cancelled) from?.unwatch(this)
        return cancelled
    }

    override fun eachSource(visit: (FutureJob<*>) -> Unit) {
        source?.let(visit)
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        source = null
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        source?.let(visit)
    }
}

/** A future that ends as its source does, and owns it: a cancel reaches the source. */
internal abstract class FollowingJob<T>(origin: FutureJob<T>) :
    FutureJob<T>(origin.scope.ownerOfStarted()) {
    /** The source; null after the end. */
    @Volatile
    protected var source: FutureJob<T>? = origin
        private set

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        ThreadState.runOrDefer { restoringRequest { source?.requestCancel(reason, interrupt) } }
    }

    /**
     * Passes the end of the scope on to the source, but no cancel of the starter: that reaches the
     * source by itself if the same body has started it.
     */
    override fun ownerEnded(
        by: OwnerEnd,
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ) {
        if (markCancelling(reason, origin) && by == OwnerEnd.SCOPE)
            ThreadState.runOrDefer { source?.scopeEnded(reason, origin) }
    }

    override fun eachSource(visit: (FutureJob<*>) -> Unit) {
        source?.let(visit)
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        source = null
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        source?.let(visit)
    }
}

/** The future of `named` for a task, whose own name never changes. */
internal class NamedJob<T>(origin: FutureJob<T>) : FollowingJob<T>(origin) {
    fun begin(name: String): Future<T> {
        val from = source!!
        from.whileItsScopeIsOpen("named") {
            label = name
            owner.started(this)
            from.watch(this)
        }
        return handle()
    }

    override fun sourceEnded(source: FutureJob<*>) =
        ThreadState.runOrDefer(scope) { followUnlessCancelled(source) }
}

/**
 * The future of `orTimeout` and `completeOnTimeout`. It ends as its source does, or with a timeout
 * at the moment when the time has passed, while the cancelled source still stops (R32). The phase
 * says which of the two came first.
 */
internal class TimeoutJob<T>(
    origin: FutureJob<T>,
    private val limit: Duration,
    instead: Instead<T>?,
) : FollowingJob<T>(origin) {
    /** The value to end with after a timeout; null after the end, and for `orTimeout`. */
    private var instead: Instead<T>? = instead

    /** The timer, set before this job watches the source; null if the source had ended before. */
    private var timer: ScheduledFuture<*>? = null

    class Instead<T>(val value: T)

    fun begin(): Future<T> {
        val verb = if (instead == null) "orTimeout" else "completeOnTimeout"
        val from = source!!
        from.whileItsScopeIsOpen(verb) {
            label = derivedName(from, verb)
            owner.started(this)
            if (!from.isCompleted) timer = timeOfLimit().after(limit, this, ::expire)
            from.watch(this)
        }
        return handle()
    }

    /** The code that sets a limit for work of another scope counts the limit by its own time. */
    private fun timeOfLimit() = if (scope.time.isReal) scope.engine.timeHere() else scope.time

    override fun sourceEnded(source: FutureJob<*>) {
        timer?.cancel(false)
        @Suppress("UNCHECKED_CAST")
        ThreadState.runOrDefer(scope) { handleEnd(source as FutureJob<T>) }
    }

    override val endsInTime: Boolean
        get() = true

    private fun expire() {
        val from = source
        // A cancel that came first stays a cancel.
        if (from == null || isCancelled || !casPhase(PENDING, EXPIRED)) return
        // No list of the scope has this job.
        scope.holdOpen {
            val startedAt = from.startedAtText()
            try {
                from.requestCancel("timed out after ${seconds(limit)}", interrupt = true)
            } finally {
                // If the source fails while it stops, that failure stays unread there.
                endTimedOut(from, startedAt)
                from.unwatch(this)
            }
        }
    }

    private fun endTimedOut(from: FutureJob<T>, startedAt: String) {
        val instead = instead
        if (instead != null) succeed(instead.value)
        else
            endWith(
                TimeoutException(
                    "${from.toLabel()} did not end within ${seconds(limit)}, and was cancelled" +
                        startedAt
                )
            )
    }

    private fun handleEnd(from: FutureJob<T>) {
        if (casPhase(PENDING, SOURCE_ENDED)) followUnlessCancelled(from)
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        instead = null
        timer = null
    }
}
