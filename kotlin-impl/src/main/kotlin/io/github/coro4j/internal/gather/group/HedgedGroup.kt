package io.github.coro4j.internal.gather.group

import io.github.coro4j.Hedged
import io.github.coro4j.internal.gather.policy.FirstSuccess
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.GroupEnd
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.exceptionOf
import io.github.coro4j.internal.job.valueOf
import java.time.Duration
import java.util.concurrent.ScheduledFuture

/**
 * A group of attempts at the same work. The next attempt begins when the last one is late or fails.
 */
internal class HedgedGroup<T>(
    bodies: Bodies<T>,
    private val attempts: Int,
    private val delay: Duration,
) : IncrementalGroup<T, Hedged<T>>(bodies, HedgePolicy(attempts), GroupSettings()) {
    @Volatile private var nextTimer: ScheduledFuture<*>? = null

    override val size: Int
        get() = attempts

    override val unmade: Int
        get() = attempts - made

    fun begin(): JobHandle<Hedged<T>> {
        scope.list(this, "hedge")
        startNext(0)
        return handle()
    }

    /**
     * Starts the attempt with this [number]. Does nothing if the timer, or the failure of the
     * attempt before, has started it already.
     */
    private fun startNext(number: Int) {
        if (isStopping) return endOfItems()
        if (number == attempts) return
        val child = makeAfter(number, number) ?: return
        cancelIfStopping(child)
        forgetNext()
        // Do this before the attempt begins, because an executor may run it on the spot.
        if (number + 1 == attempts) endOfItems() else startLater(number + 1)
        child.dispatch()
    }

    private fun startLater(number: Int) {
        try {
            nextTimer = scope.engine.timer.after(delay) { startNext(number) }
        } catch (e: Throwable) {
            breakOff(e) // the JVM has no thread for the timer
        }
        if (isStopping) forgetNext()
    }

    private fun forgetNext() {
        nextTimer?.cancel(false)
        nextTimer = null
    }

    override fun ended(job: FutureJob<*>) {
        gone(job)
        try {
            @Suppress("UNCHECKED_CAST") memberEnded(job as ItemJob<T>)
            // The attempt has failed, so start the next one without a delay.
            if (exceptionOf(job) != null) ThreadState.later { startNext(made) }
        } finally {
            countEnded(1)
        }
    }

    override fun stopped() {
        forgetNext()
        endOfItems()
    }
}

private class HedgePolicy<T>(attempts: Int) : FirstSuccess<T, Hedged<T>>(attempts, "hedge()") {
    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any {
        val end = decider!!.end
        @Suppress("UNCHECKED_CAST")
        val hedged = Hedged(valueOf(end) as T, (decider as ItemJob).index)
        return if (end is GroupEnd) GroupEnd(hedged, end::markRead) else hedged
    }
}
