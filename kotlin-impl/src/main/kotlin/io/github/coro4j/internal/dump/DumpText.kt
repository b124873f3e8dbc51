package io.github.coro4j.internal.dump

import io.github.coro4j.internal.base.counted
import io.github.coro4j.internal.base.underWay
import io.github.coro4j.internal.base.withReason
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.StartStamp
import io.github.coro4j.spi.Label

/** Returns a dump for people: one line for each scope or job, and its contents below it. */
internal fun textOf(scope: ScopeSnapshot): String =
    StringBuilder().also { DumpText(it).write(scope, "") }.toString()

private class DumpText(private val text: StringBuilder) {
    fun write(scope: ScopeSnapshot, indent: String) {
        val state = withReason(scope.state, scope.reason)
        val age = StartStamp.text(scope.ageSeconds)
        val coroutines =
            if (scope.coroutines == 0) "" else ", ${counted(scope.coroutines, "coroutine")}"
        val about = "$state, age $age, ${tasks(scope.tasks)}$coroutines${underWay(scope.callbacks)}"
        line(indent, "${Label.of("scope", scope.name)} ($about)")
        val inside = indent + STEP
        for (job in scope.jobs) write(job, inside)
        more(inside, scope.moreJobs, "job")
        for (inner in scope.scopes) write(inner, inside)
        more(inside, scope.moreScopes, "scope")
    }

    private fun write(job: JobSnapshot, indent: String) {
        val parts = ArrayList<String>()
        if (job.end == null) parts.addAll(stateOf(job)) else parts.add(job.end)
        val group = job.group
        // What the job waits for comes last, where a reader looks for it.
        val place = if (job.waitsFor.isEmpty()) parts.size else parts.size - 1
        parts.add(place, "age ${StartStamp.text(job.ageSeconds)}")
        if (group != null) {
            val of = if (group.size < 0) "" else " of ${group.size}"
            val alive = listOf("${group.done}$of done") + by(group.alive)
            parts.add(place, alive.joinToString())
        }
        line(indent, "${Label.of(job.kind, job.name)} (${parts.joinToString()})")
        job.startedAt?.let { line(indent, STARTED, it) }
        for (frame in job.stack.frames) line(indent, STACK, frame)
        if (job.stack.more > 0) line(indent, STACK, "... ${job.stack.more} more")
        if (group != null) {
            for (child in group.jobs) write(child, indent + STEP)
            left(group.left, indent + STEP)
        }
    }

    private fun left(counts: Counts, indent: String) {
        var others = counts.total
        for (progress in listOf(Progress.QUEUED, Progress.WITHOUT_PERMIT)) {
            val count = counts[progress]
            if (count > 0) line(indent, "and $count more ${TEXTS[progress]}")
            others -= count
        }
        more(indent, others, "job")
    }

    private fun tasks(counts: Counts): String {
        val by = by(counts)
        return counted(counts.total, "task") + if (by.isEmpty()) "" else ": ${by.joinToString()}"
    }

    private fun by(counts: Counts): List<String> =
        TEXTS.mapNotNull { (progress, text) ->
            counts[progress].takeIf { it > 0 }?.let { "$it $text" }
        } +
            if (counts.cancelling > 0) listOf("${counts.cancelling} of them cancelling")
            else listOf()

    private fun more(indent: String, count: Int, what: String) {
        if (count > 0) line(indent, "and ${counted(count, "more $what")}")
    }

    private fun line(vararg parts: String) {
        // A line break inside a name or a reason would look like a new line.
        for (part in parts) text.append(Label.oneLine(part))
        text.append('\n')
    }

    private companion object {
        const val STEP = "  "
        const val STACK = "      at "
        const val STARTED = "      started at "
        val TEXTS =
            mapOf(
                Progress.RUNNING to "running",
                Progress.QUEUED to "waiting for a thread",
                Progress.WITHOUT_PERMIT to "without a permit",
                Progress.SUSPENDED to "suspended",
                Progress.PENDING to "pending",
                Progress.ENDING to "ending",
            )
    }
}
