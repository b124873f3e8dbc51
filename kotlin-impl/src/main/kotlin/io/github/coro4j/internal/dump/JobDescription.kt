@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.dump

import io.github.coro4j.internal.base.withReason
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.endOf
import io.github.coro4j.spi.Label
import java.util.Locale
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * Returns the text of a future: type, name, state, then result or failure. The only user code that
 * it runs is an exception's `getMessage`. A result's own `toString` might be huge or slow, throw,
 * or lead back here.
 */
internal fun textOf(job: FutureJob<*>): String {
    val type = job.kind.replaceFirstChar { it.titlecase(Locale.ROOT) }
    val state = if (job.isCompleted) endOf(job) else stateOf(SnapshotTaker.look(job)).joinToString()
    return "${Label.of(type, job.name())} ($state)"
}

/** Returns the state of a job that has not ended, in parts. */
internal fun stateOf(job: JobSnapshot): List<String> {
    val parts = ArrayList<String>()
    parts.add(if (job.cancelling) withReason("cancelling", job.reason) else "pending")
    when (job.progress) {
        Progress.QUEUED -> parts.add("waiting for a thread")
        Progress.WITHOUT_PERMIT -> parts.add("without a permit")
        Progress.RUNNING -> job.running?.let { parts.add(textOf(it)) }
        Progress.SUSPENDED -> parts.add("suspended")
        Progress.ENDING -> parts.add("ending")
        Progress.PENDING,
        Progress.ENDED -> {}
    }
    job.limit?.let { parts.add("${Label.of("limit", it.name())}: ${it.text()}") }
    job.secondsLeft?.let { parts.add("$it s left") }
    if (job.waitsFor.isNotEmpty()) {
        val others = if (job.moreWaitedFor == 0) "" else " and ${job.moreWaitedFor} more"
        parts.add("waiting for ${job.waitsFor.joinToString { it.toLabel() }}$others")
    }
    return parts
}

private fun textOf(running: Running): String =
    if (running.nanos < 0) "running on ${running.thread}"
    else String.format(Locale.ROOT, "running for %.3f s on %s", running.nanos / 1e9, running.thread)
