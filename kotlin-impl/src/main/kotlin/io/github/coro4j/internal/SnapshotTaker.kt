package io.github.coro4j.internal

/**
 * Takes the picture that a dump shows, while all of it changes. It holds no lock while it looks at
 * a job, and what it reads of a body's thread counts only if the body was still there afterwards.
 */
internal class SnapshotTaker {
    /** For the whole tree: a dump of a million jobs helps nobody. */
    private var room = MOST_LINES

    fun take(scope: ScopeImpl): ScopeSnapshot {
        val listed = scope.occupants.listedJobs()
        val state = scope.state()
        val tasks = ArrayList<FutureJob<*>>()
        val visible = ArrayList<FutureJob<*>>()
        for (job in byAge(listed)) {
            val children = childrenOf(job)
            children.filterTo(tasks) { it is TaskJob<*> }
            if (job is TaskJob<*>) tasks.add(job)
            if (!job.isCompleted || children.isNotEmpty()) visible.add(job)
        }
        val jobs = takeAll(visible) { takeListed(it) }
        // Not by toList(), nor by what calls it: that trips over a set which is emptied meanwhile.
        val inner = ArrayList<ScopeImpl>()
        for (each in scope.occupants.scopes()) inner.add(each)
        inner.sortBy { it.openedAt - scope.openedAt }
        val scopes = takeAll(inner) { take(it) }
        return ScopeSnapshot(
            name = scope.name(),
            state = state.text,
            reason = state.reason,
            ageSeconds = (System.nanoTime() - scope.openedAt) / NANOS,
            tasks = Counts.of(tasks),
            callbacks = scope.occupants.countUnderWay,
            jobs = jobs,
            moreJobs = visible.size - jobs.size,
            scopes = scopes,
            moreScopes = inner.size - scopes.size,
        )
    }

    private inline fun <A, B> takeAll(all: List<A>, take: (A) -> B): List<B> {
        val taken = ArrayList<B>()
        for (each in all) {
            if (room == 0) break
            room--
            taken.add(take(each))
        }
        return taken
    }

    /** The oldest first; asked once each, since ages grow while they are compared. */
    private fun byAge(jobs: List<FutureJob<*>>): List<FutureJob<*>> =
        jobs
            .map { it to Ages.nanos(it, atLeast = 0) }
            .sortedByDescending { it.second }
            .map { it.first }

    /** The children that live in the scope as members of this group, without those that ended. */
    private fun childrenOf(job: FutureJob<*>): List<FutureJob<*>> {
        if (job !is GroupJob<*>) return emptyList()
        val jobs = ArrayList<FutureJob<*>>()
        job.addTo(jobs)
        return jobs.subList(1, jobs.size)
    }

    private fun takeListed(job: FutureJob<*>): JobSnapshot {
        val taken = look(job)
        taken.ageSeconds = ageSeconds(job, taken)
        if (job is BodyJob<*>) taken.stack = BodyStack.of(job)
        if (job is GroupJob<*>) taken.group = takeGroup(job)
        return taken
    }

    private fun takeGroup(group: GroupJob<*>): GroupSnapshot {
        var unfinished = 0
        group.dependencies { unfinished++ }
        val children = childrenOf(group)
        val jobs = takeAll(children) { takeListed(it) }
        return GroupSnapshot(
            size = group.size,
            done = group.size - unfinished,
            alive = Counts.of(children),
            jobs = jobs,
            moreJobs = children.size - jobs.size,
        )
    }

    private fun ageSeconds(job: FutureJob<*>, taken: JobSnapshot): Long {
        val nanos =
            when (val timed = if (job is ItemJob<*>) job.owner else job) {
                is GroupJob<*> -> System.nanoTime() - timed.startedAt
                is SleepJob -> System.nanoTime() - timed.startedAt
                else -> Ages.nanos(job, taken.running?.nanos ?: 0)
            }
        return nanos / NANOS
    }

    companion object {
        private const val MOST_LINES = 1_000
        private const val MOST_WAITED_FOR = 3
        private const val NANOS = 1_000_000_000L

        /** One job by itself, as its `toString` shows it too. */
        fun look(job: FutureJob<*>): JobSnapshot {
            val progress = progressOf(job)
            val cancelling = job.isCancelRequested
            val waitsFor = ArrayList<String>()
            var others = 0
            val visit = { awaited: Awaited ->
                if (waitsFor.size < MOST_WAITED_FOR) waitsFor.add(awaited.toLabel()) else others++
            }
            // The children of a group that owns them are shown themselves.
            if (progress != Progress.ENDED && job !is OwnedGather<*>) {
                val inTime = (job as? BodyJob<*>)?.waitsInTimeFor()
                if (inTime != null) visit(inTime) else job.dependencies { visit(it) }
            }
            return JobSnapshot(
                kind = job.kind,
                name = job.name(),
                // The function of a `flatMap` has returned, and its future ends with another one.
                progress =
                    if (progress == Progress.ENDING && waitsFor.isNotEmpty()) Progress.PENDING
                    else progress,
                end = if (progress == Progress.ENDED) endOf(job) else null,
                cancelling = cancelling,
                reason = if (cancelling) reasonOf(job) else null,
                running = if (progress == Progress.RUNNING) runningOf(job) else null,
                secondsLeft = (job as? SleepJob)?.nanosLeft?.div(NANOS),
                waitsFor = waitsFor,
                moreWaitedFor = others,
            )
        }

        private fun runningOf(job: FutureJob<*>): Running? {
            val runner = job.slot as? Runner ?: return null
            val since = runner.since
            // Below the top of its thread's stack, `since` is about the body above.
            val isTop = runner.current === job
            val thread = runner.threadName
            // The thread may have gone on to another body: then what was read is not about this
            // one.
            if (job.slot !== runner) return null
            return Running(if (isTop) System.nanoTime() - since else -1, thread)
        }
    }
}
