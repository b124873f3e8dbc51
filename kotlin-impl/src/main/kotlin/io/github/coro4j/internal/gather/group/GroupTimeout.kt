package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.base.seconds
import io.github.coro4j.internal.job.startedAtText
import java.time.Duration
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeoutException

/** The time limit of one group. */
internal class GroupTimeout<T>(private val group: GroupJob<T, *>, private val limit: Duration) {
    @Volatile private var timer: ScheduledFuture<*>? = null

    fun start() {
        try {
            timer = group.scope.time.after(limit, group, ::expire)
        } catch (e: Throwable) {
            // The JVM has no thread for the timer. A group without its limit must not run on.
            group.breakOff(e)
        }
        // publish, then re-check: pairs with GroupJob.afterCompletion, which may have seen no timer
        if (group.isCompleted) forgetTimer()
    }

    fun forgetTimer() {
        timer?.cancel(false)
        timer = null
    }

    private fun expire() {
        if (group.isDecided) return group.endAtLimit()
        val text = seconds(limit)
        val summary = TimeoutSummary(group.source.members, group.source.unmade)
        val exception =
            TimeoutException(
                "${group.toLabel()} timed out after $text: $summary${group.startedAtText()}"
            )
        group.decide(GroupDecision.TimedOut(text, exception))
    }
}
