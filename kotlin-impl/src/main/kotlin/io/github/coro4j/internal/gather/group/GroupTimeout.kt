package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.base.seconds
import java.time.Duration
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeoutException

/** The time limit of one group. */
internal class GroupTimeout(private val group: GroupJob<*, *>, private val limit: Duration) {
    @Volatile private var timer: ScheduledFuture<*>? = null

    /** The failure of a group that fails at its timeout. Set before the group is decided. */
    @Volatile
    var exception: TimeoutException? = null
        private set

    fun start() {
        try {
            timer = group.scope.engine.timer.after(limit, ::expire)
        } catch (e: Throwable) {
            // The JVM has no thread for the timer. A group without its limit must not run on.
            group.breakOff(e)
        }
        // set the timer, then look: pairs with the end of the group, which may have seen no timer
        if (group.isCompleted) forgetTimer()
    }

    fun forgetTimer() {
        timer?.cancel(false)
        timer = null
    }

    private fun expire() {
        if (group.isDecided) return
        val text = seconds(limit)
        val summary = TimeoutSummary(group.members, group.unmade)
        exception = TimeoutException("${group.toLabel()} timed out after $text: $summary")
        group.expire(text)
    }
}
