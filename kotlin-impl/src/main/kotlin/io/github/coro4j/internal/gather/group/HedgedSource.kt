package io.github.coro4j.internal.gather.group

import io.github.coro4j.Hedged
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.gather.policy.FirstSuccess
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.GroupEnd
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.exceptionOf
import io.github.coro4j.internal.job.valueOf
import java.time.Duration
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.atomic.AtomicReference

/** Starts a group of [attempts] at the same work, and returns its future. */
internal fun <T> startHedge(
    scope: JobScope,
    function: ThrowingFunction<Any, T>,
    attempts: Int,
    delay: Duration,
): JobHandle<Hedged<T>> {
    val source = HedgedSource(BlockingBody(function), attempts, delay)
    return GroupJob(scope.ownerOfStarted(), source, HedgePolicy<T>(attempts), GroupSettings())
        .begin()
}

/** Attempts at the same work. The next attempt begins when the last one is late or fails. */
private class HedgedSource<T>(
    body: ItemBody<T>,
    private val attempts: Int,
    private val delay: Duration,
) : BodiesSource<T>(body, expected = 1) {
    private val list = MemberList(this)

    /** The timer of the next attempt, or null. */
    private val next = AtomicReference<NextTimer?>()

    private class NextTimer(val number: Int, val timer: ScheduledFuture<*>)

    override val members: List<FutureJob<T>>
        get() = list.members

    override val reachable: List<FutureJob<*>>
        get() = list.unended

    override val size: Int
        get() = attempts

    override val isOpen: Boolean
        get() = list.isOpen

    override val unmade: Int
        get() = attempts - list.made

    override val verb: String
        get() = "hedge"

    override fun start() = startNext(0)

    /**
     * Starts the attempt with this [number]. Does nothing if the timer, or the failure of the
     * attempt before, has started it already.
     */
    private fun startNext(number: Int) {
        if (group.isStopping) return list.end()
        if (number == attempts) return
        val child = list.addNextAfter(number, number) ?: return
        list.cancelIfStopping(child)
        forgetTimers(number)
        // Do this before the attempt begins, because an executor may run it on this thread.
        if (number + 1 == attempts) list.end() else startLater(number + 1)
        child.asChild.begin()
    }

    private fun startLater(number: Int) {
        try {
            remember(NextTimer(number, scope.time.after(delay, group) { startOnTime(number) }))
        } catch (e: Throwable) {
            group.breakOff(e) // the JVM has no thread for the timer
        }
        // publish, then re-check: pairs with startNext, which may have seen no timer
        forgetTimers(list.made - 1)
        // publish, then re-check: pairs with stopped(), which may have seen no timer
        if (group.isStopping) forgetTimers(attempts)
    }

    /**
     * Keeps the timer of the later attempt, and cancels the other. While one thread makes the timer
     * of an attempt, another thread may start this attempt and make the timer of the one after it.
     */
    private fun remember(made: NextTimer) {
        while (true) {
            val known = next.get()
            if (known != null && known.number >= made.number) {
                made.timer.cancel(false)
                return
            }
            if (next.compareAndSet(known, made)) {
                known?.timer?.cancel(false)
                return
            }
        }
    }

    /** Cancels the timer of an attempt up to [last], which has started or never will. */
    private fun forgetTimers(last: Int) {
        val known = next.get() ?: return
        // If this fails, the thread that has replaced the timer cancels it.
        if (known.number <= last && next.compareAndSet(known, null)) known.timer.cancel(false)
    }

    /** The source of a time that is not real must get its thread back, whatever a body does. */
    private fun startOnTime(number: Int) {
        if (scope.time.isReal || scope.onlyQueues) startNext(number)
        else scope.executeHoldingOpen(scope.engine.pool) { startNext(number) }
    }

    override fun ended(job: FutureJob<*>) {
        list.remove(job)
        try {
            @Suppress("UNCHECKED_CAST") group.memberEnded(job as FutureJob<T>)
            // The attempt has failed, so start the next one without a delay.
            if (exceptionOf(job) != null) ThreadState.runOrDefer { startNext(list.made) }
        } finally {
            // Count the end even after an error of the JVM, because the group must end.
            countEnded(1)
        }
    }

    override fun stopped() {
        forgetTimers(attempts)
        list.end()
    }

    override fun forgetEnded() = list.forgetEnded()

    override fun forgetChildren() = list.forget()
}

private class HedgePolicy<T>(attempts: Int) : FirstSuccess<T, Hedged<T>>(attempts, "hedge()") {
    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any {
        val end = decider!!.end
        @Suppress("UNCHECKED_CAST") val hedged = Hedged(valueOf(end) as T, decider.asChild.index)
        return if (end is GroupEnd) GroupEnd(hedged, end::markRead) else hedged
    }
}
