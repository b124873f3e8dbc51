package io.github.coro4j.internal.dump

import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.gather.group.SharedLimit
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.Progress

/** The tasks of a scope, or the children of a group, by progress. */
internal class Counts(
    val total: Int,
    private val byProgress: Map<Progress, Int>,
    val cancelling: Int,
) {
    operator fun get(progress: Progress): Int = byProgress[progress] ?: 0

    companion object {
        /** Counts [jobs] that have not ended, and the children of [group] that are not made yet. */
        fun of(jobs: List<SeenJob>, group: GroupJob<*, *>? = null): Counts {
            val unmade = group?.source?.unmade ?: 0
            val alive = jobs.filterNot { it.hasEnded }
            val byProgress = alive.groupingBy { it.progress }.eachCountTo(HashMap())
            if (unmade > 0) byProgress.merge(group!!.source.unmadeProgress, unmade, Int::plus)
            return Counts(alive.size + unmade, byProgress, alive.count { it.isCancelling })
        }
    }
}

/** The content of a dump for one scope. Text and JSON are both made from it, so they agree. */
internal class ScopeSnapshot(
    val name: String,
    val state: String,
    val reason: String?,
    val ageSeconds: Long,
    val tasks: Counts,
    val callbacks: Int,
    /** Number of coroutines that are no tasks. */
    val coroutines: Int,
    val jobs: List<JobSnapshot>,
    val moreJobs: Int,
    val scopes: List<ScopeSnapshot>,
    val moreScopes: Int,
)

/** The content of a dump for one job. Fields that do not apply are null, zero or empty. */
internal class JobSnapshot(
    val kind: String,
    val name: String,
    val progress: Progress,
    /** How the job ended, or null. */
    val end: String?,
    val cancelling: Boolean,
    val reason: String?,
    val running: Running?,
    val secondsLeft: Long?,
    val waitsFor: List<Awaitable>,
    val moreWaitedFor: Int,
) {
    var ageSeconds = 0L

    /** The frame of user code that started the job, or null outside the debug mode. */
    var startedAt: String? = null
    var stack = BodyStack.NONE
    var group: GroupSnapshot? = null

    /** The limit from which the job or its children get permits, or null. */
    var limit: SharedLimit? = null
}

internal class Running(val nanos: Long, val thread: String)

internal class GroupSnapshot(
    /** Number of children, or -1 if it is not known yet. */
    val size: Int,
    val done: Int,
    /** Counts of the children that the group owns and that have not ended. */
    val alive: Counts,
    val jobs: List<JobSnapshot>,
    /** Counts of the [alive] children without a line. */
    val left: Counts,
)
