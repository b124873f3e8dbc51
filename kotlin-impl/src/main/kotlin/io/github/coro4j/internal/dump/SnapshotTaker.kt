package io.github.coro4j.internal.dump

import io.github.coro4j.internal.coroutine.SuspendTaskJob
import io.github.coro4j.internal.future.SleepJob
import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.gather.group.PermitJob
import io.github.coro4j.internal.gather.group.SharedLimit
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.Group
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.ScopeState
import io.github.coro4j.internal.job.StartStamp
import io.github.coro4j.internal.job.TaskJob
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.cancelReason
import io.github.coro4j.internal.job.kindOfEnd
import io.github.coro4j.internal.job.progressOf
import io.github.coro4j.internal.job.site

/** A job as a dump has found it, with its members that live in its scope. */
internal class SeenJob(val job: FutureJob<*>, val children: List<SeenJob>) {
    var progress = progressOf(job)
        private set

    var isCancelling = job.isCancelRequested
        private set

    val hasEnded: Boolean
        get() = progress == Progress.ENDED

    val isTask: Boolean
        get() = job is TaskJob<*> || job is SuspendTaskJob<*>

    val hasNotBegun = progress == Progress.QUEUED || progress == Progress.WITHOUT_PERMIT

    /**
     * True if a reader may ask why the job has not ended. Such jobs get a line before jobs that
     * only wait for their turn.
     */
    val isUrgent: Boolean =
        isCancelling && !hasNotBegun ||
            progress == Progress.RUNNING ||
            progress == Progress.ENDING ||
            children.any { it.isUrgent }

    /**
     * Updates the state for the counts to that in its line. [passedOver] does so without a line.
     */
    fun lookedAt(taken: JobSnapshot) {
        progress = taken.progress
        isCancelling = taken.cancelling
    }

    fun passedOver() {
        progress = progressOf(job)
        isCancelling = job.isCancelRequested
    }
}

private class SeenScope(
    val scope: JobScope,
    val state: ScopeState,
    val jobs: List<SeenJob>,
    val inner: List<SeenScope>,
) {
    val isUrgent: Boolean = jobs.any { it.isUrgent } || inner.any { it.isUrgent }

    fun urgentLines(): Int =
        inner.sumOf { (if (it.isUrgent) 1 else 0) + it.urgentLines() } +
            jobs.sumOf { job ->
                (if (job.isUrgent) 1 else 0) + job.children.count { it.isUrgent }
            }
}

/**
 * Takes the snapshot for a dump, while everything may change. It holds no lock while it looks at a
 * job. What it reads from a body's thread counts only if the body is still there afterwards. It
 * runs no user code: no `toString` of a value, no `getMessage` of an exception.
 */
internal class SnapshotTaker {
    /**
     * Lines that are left for urgent jobs and scopes of the whole tree. A dump of a million jobs
     * would be useless, so there is a limit.
     */
    private var urgentRoom = 0
    private var room = 0

    fun take(scope: JobScope): ScopeSnapshot {
        val seen = see(scope)
        urgentRoom = seen.urgentLines().coerceAtMost(MOST_LINES)
        room = MOST_LINES - urgentRoom
        return take(seen)
    }

    private fun see(scope: JobScope): SeenScope {
        val listed = scope.listedJobs()
        val state = scope.state()
        val jobs = byAge(listed, scope.time.nanos()).map { SeenJob(it, childrenOf(it)) }
        // toList() and functions that call it fail if the set becomes empty meanwhile.
        val inner = ArrayList<JobScope>()
        for (each in scope.innerScopes()) inner.add(each)
        inner.sortBy { it.openedAt - scope.openedAt }
        val visible = jobs.filter { !it.hasEnded || it.children.isNotEmpty() }
        return SeenScope(scope, state, visible, inner.map(::see))
    }

    private fun take(seen: SeenScope): ScopeSnapshot {
        val scope = seen.scope
        val jobs = ArrayList<JobSnapshot>()
        var moreJobs = 0
        for (job in seen.jobs) if (!hasRoom(job.isUrgent)) moreJobs++
        else takeJob(job)?.let(jobs::add)
        val scopes = ArrayList<ScopeSnapshot>()
        for (inner in seen.inner) if (hasRoom(inner.isUrgent)) scopes.add(take(inner))
        val tasks = ArrayList<SeenJob>()
        for (job in seen.jobs) {
            if (job.isTask) tasks.add(job)
            job.children.filterTo(tasks) { it.isTask }
        }
        return ScopeSnapshot(
            name = scope.name(),
            state = seen.state.text,
            reason = seen.state.reason,
            ageSeconds = (scope.time.nanos() - scope.openedAt) / NANOS,
            tasks = Counts.of(tasks),
            callbacks = scope.countHeldOpen(),
            coroutines = scope.countCoroutines(),
            jobs = jobs,
            moreJobs = moreJobs,
            scopes = scopes,
            moreScopes = seen.inner.size - scopes.size,
        )
    }

    private fun hasRoom(urgent: Boolean): Boolean =
        if (urgent) urgentRoom > 0 && urgentRoom-- > 0 else room > 0 && room-- > 0

    /**
     * Sorts [jobs] by age, the oldest first. All ages use one reading of the clock, so that a tick
     * cannot reorder them.
     */
    private fun byAge(jobs: List<FutureJob<*>>, now: Long): List<FutureJob<*>> =
        jobs
            .map { it to StartStamp.nanos(it.bits, atLeast = 0, now) }
            .sortedByDescending { it.second }
            .map { it.first }

    /** Returns the unended children that live in the scope as members of this group. */
    private fun childrenOf(job: FutureJob<*>): List<SeenJob> {
        if (job !is GroupJob<*, *>) return emptyList()
        val jobs = ArrayList<FutureJob<*>>()
        job.addTo(jobs)
        return jobs.drop(1).map { SeenJob(it, emptyList()) }.filterNot { it.hasEnded }
    }

    /**
     * Returns null if the job has ended since it was found, unless it is a group with running
     * children.
     */
    private fun takeJob(seen: SeenJob): JobSnapshot? {
        val job = seen.job
        val taken = look(job)
        seen.lookedAt(taken)
        if (job is GroupJob<*, *>) taken.group = takeGroup(job, seen.children)
        if (seen.hasEnded && (taken.group?.alive?.total ?: 0) == 0) return null
        taken.ageSeconds = ageSeconds(job, taken)
        taken.startedAt = job.owner.site?.frame()
        if (job is UserCodeJob<*>) taken.stack = BodyStack.of(job)
        return taken
    }

    private fun takeGroup(group: GroupJob<*, *>, children: List<SeenJob>): GroupSnapshot {
        val jobs = ArrayList<JobSnapshot>()
        val left = ArrayList<SeenJob>()
        var unbegun = 0
        for (child in children) {
            // All children that wait for their turn look alike, so only a few get a line.
            val isFolded = child.hasNotBegun && ++unbegun > MOST_UNBEGUN
            if (isFolded || !hasRoom(child.isUrgent)) left.add(child)
            else takeJob(child)?.let(jobs::add)
        }
        left.forEach { it.passedOver() }
        // The job that reads the items has a line, but is no child.
        val alive = Counts.of(children.filter { it.isTask }, group)
        var unfinished = 0
        if (group.source.ownsMembers) unfinished = alive.total
        else group.dependencies { unfinished++ }
        return GroupSnapshot(
            size = group.source.size,
            done = (group.source.known - unfinished).coerceAtLeast(0),
            alive = alive,
            jobs = jobs,
            left = Counts.of(left, group),
        )
    }

    private fun ageSeconds(job: FutureJob<*>, taken: JobSnapshot): Long {
        val now = job.scope.time.nanos()
        val nanos =
            when (val timed = job.owner.asGroup ?: job) {
                is Group -> now - timed.startedAt
                is SleepJob -> timed.age
                else -> StartStamp.nanos(job.bits, taken.running?.nanos ?: 0, now)
            }
        return nanos / NANOS
    }

    companion object {
        private const val MOST_LINES = 1_000
        private const val MOST_WAITED_FOR = 3
        private const val MOST_UNBEGUN = 3
        private const val NANOS = 1_000_000_000L

        /** Looks at one job by itself, for its `toString` too. */
        fun look(job: FutureJob<*>): JobSnapshot {
            val progress = progressOf(job)
            val cancelling = job.isCancelRequested
            val waitsFor = ArrayList<Awaitable>()
            var others = 0
            val visit = { awaited: Awaitable ->
                if (waitsFor.size < MOST_WAITED_FOR) waitsFor.add(awaited) else others++
            }
            // A group that owns its children does not list them here, because they are shown
            // themselves.
            if (progress != Progress.ENDED && !ownsMembers(job)) {
                val inTime = (job as? UserCodeJob<*>)?.waitsInTimeFor()
                if (inTime != null) visit(inTime) else job.dependencies { visit(it) }
            }
            val taken =
                JobSnapshot(
                    kind = job.kind,
                    name = job.name(),
                    progress = progress,
                    end = if (progress == Progress.ENDED) kindOfEnd(job) else null,
                    cancelling = cancelling,
                    reason = if (cancelling) cancelReason(job) else null,
                    running = if (progress == Progress.RUNNING) runningOf(job) else null,
                    secondsLeft = (job as? SleepJob)?.nanosLeft?.div(NANOS),
                    waitsFor = waitsFor,
                    moreWaitedFor = others,
                )
            taken.limit = limitOf(job, progress)
            return taken
        }

        private fun limitOf(job: FutureJob<*>, progress: Progress): SharedLimit? =
            when {
                progress == Progress.ENDED -> null
                job is GroupJob<*, *> -> job.source.limit
                job is PermitJob<*> -> job.limit.takeIf { progress == Progress.WITHOUT_PERMIT }
                else -> null
            }

        private fun ownsMembers(job: FutureJob<*>) = job is GroupJob<*, *> && job.source.ownsMembers

        private fun runningOf(job: FutureJob<*>): Running? {
            val state = (job as? UserCodeJob<*>)?.threadState ?: return null
            val since = state.since
            // If the body is not the innermost one of its thread, `since` belongs to the innermost
            // one.
            val isTop = state.current === job
            val thread = state.threadName
            // If the thread has gone on to another body, what was read belongs to that one.
            if (job.threadState !== state) return null
            return Running(if (isTop) job.scope.time.nanos() - since else -1, thread)
        }
    }
}
