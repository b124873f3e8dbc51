package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.TaskJob
import io.github.coro4j.internal.job.UserCodeJob

/** Counts how far the children of a group are, for the message of its timeout. */
internal class TimeoutSummary(members: List<FutureJob<*>>, unmade: Int) {
    private var done = 0
    private var notStarted = unmade
    private var running = 0
    private var slowest: FutureJob<*>? = null
    private var longest = -1L

    init {
        for (member in members) {
            when {
                member.isCompleted -> done++
                hasNotBegun(member) -> notStarted++
                else -> {
                    running++
                    val nanos = nanosOf(member)
                    if (nanos > longest) {
                        longest = nanos
                        slowest = member
                    }
                }
            }
        }
    }

    private fun hasNotBegun(member: FutureJob<*>): Boolean =
        when (member) {
            is GroupChild -> member.hasNotBegun
            is TaskJob -> member.hasNotBegun
            else -> false
        }

    /** Returns how long [member] has been running, or zero if it has no body. */
    private fun nanosOf(member: FutureJob<*>): Long {
        val state = (member as? UserCodeJob)?.threadState ?: return 0
        val since = state.since
        // If another body runs above it on its thread, `since` is the start of that body, which
        // began later.
        return (member.scope.time.nanos() - since).coerceAtLeast(0)
    }

    override fun toString(): String {
        val counts = "$done done, $running running, $notStarted not started"
        return slowest?.let { "$counts; the slowest is ${it.toLabel()}" } ?: counts
    }
}
