package io.github.coro4j.internal

/** How far a body is, or a job without one. */
internal enum class Progress(val json: String) {
    PENDING("pending"),
    /** A child of a group with a limit. */
    WITHOUT_PERMIT("withoutPermit"),
    QUEUED("queued"),
    RUNNING("running"),
    /** A coroutine that no thread is in. */
    SUSPENDED("suspended"),
    ENDING("ending"),
    /** Only a group some of whose children run on. */
    ENDED("ended"),
}

/** The tasks of a scope, or the children of a group, by progress. */
internal class Counts(
    val total: Int,
    private val byProgress: Map<Progress, Int>,
    val cancelling: Int,
) {
    operator fun get(progress: Progress): Int = byProgress[progress] ?: 0

    companion object {
        /** Without those that have ended, and with the children of [group] that are not made. */
        fun of(jobs: List<SeenJob>, group: GroupJob<*, *>? = null): Counts {
            val unmade = group?.unmade ?: 0
            val alive = jobs.filterNot { it.hasEnded }
            val byProgress = alive.groupingBy { it.progress }.eachCountTo(HashMap())
            if (unmade > 0) byProgress.merge(group!!.unmadeProgress, unmade, Int::plus)
            return Counts(alive.size + unmade, byProgress, alive.count { it.isCancelling })
        }
    }
}

internal fun progressOf(job: FutureJob<*>): Progress =
    when {
        job.isCompleted -> Progress.ENDED
        job is WorkJob<*> -> job.progress
        else -> Progress.PENDING
    }

/** What a dump says of a scope. Text and JSON are made from it, so that they agree. */
internal class ScopeSnapshot(
    val name: String,
    val state: String,
    val reason: String?,
    val ageSeconds: Long,
    val tasks: Counts,
    val callbacks: Int,
    /** Those that are no tasks. */
    val coroutines: Int,
    val jobs: List<JobSnapshot>,
    val moreJobs: Int,
    val scopes: List<ScopeSnapshot>,
    val moreScopes: Int,
)

/** What a dump says of a job; what does not apply is null, zero or empty. */
internal class JobSnapshot(
    val kind: String,
    val name: String,
    val progress: Progress,
    /** How it ended, if it has. */
    val end: String?,
    val cancelling: Boolean,
    val reason: String?,
    val running: Running?,
    val secondsLeft: Long?,
    val waitsFor: List<Awaited>,
    val moreWaitedFor: Int,
) {
    var ageSeconds = 0L
    var stack = BodyStack.NONE
    var group: GroupSnapshot? = null
}

internal class Running(val nanos: Long, val thread: String)

internal class GroupSnapshot(
    /** -1 where nobody knows it yet. */
    val size: Int,
    val done: Int,
    /** Of the children that the group owns and that have not ended. */
    val alive: Counts,
    val jobs: List<JobSnapshot>,
    /** Of [alive], those without a line. */
    val left: Counts,
)
