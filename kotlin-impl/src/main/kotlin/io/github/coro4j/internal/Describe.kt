@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.spi.Exceptions
import io.github.coro4j.spi.Label
import java.math.BigDecimal
import java.time.Duration
import java.util.Locale
import kotlinx.coroutines.InternalCoroutinesApi

private const val MAX_LENGTH = 100

/**
 * Returns the text of a future: type, name, state, then result or failure. The only user code that
 * it runs is an exception's `getMessage`. A result's own `toString` might be huge or slow, throw,
 * or lead back here.
 */
internal fun describe(job: FutureJob<*>): String {
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

/** Describes the end of a job that has ended. */
internal fun endOf(job: FutureJob<*>): String =
    when (val end = job.end) {
        is UnreadFailure -> "failed: ${brief(end.exception)}"
        is CancelledEnd -> "cancelled: ${shorten(end.cancellation.message ?: "no reason given")}"
        else -> "succeeded: ${brief(valueOf(end))}"
    }

/** Describes the end of a job for dumps. Shows no value, and asks no exception for its message. */
internal fun kindOfEnd(job: FutureJob<*>): String =
    when (val end = job.end) {
        is UnreadFailure -> "failed: ${end.exception.javaClass.name}"
        is CancelledEnd ->
            withReason("cancelled", (end.cancellation as? TaskCancelledException)?.reason())
        else -> "succeeded"
    }

internal fun reasonOf(job: FutureJob<*>): String? =
    (job.getCancellationException() as? TaskCancelledException)?.reason()

internal fun withReason(state: String, reason: String?): String =
    if (reason == null) state else "$state: ${shorten(reason)}"

internal fun underWay(callbacks: Int): String =
    if (callbacks == 0) "" else ", ${counted(callbacks, "callback")} under way"

/** Formats a duration as in `0.05 s`, the one notation for all times in messages. */
internal fun seconds(duration: Duration): String {
    val exact = BigDecimal.valueOf(duration.seconds) + BigDecimal.valueOf(duration.nano.toLong(), 9)
    return "${exact.stripTrailingZeros().toPlainString()} s"
}

/** Returns a count with its noun: `1 task`, `2 tasks`. */
internal fun counted(count: Int, one: String, many: String = one + "s") =
    "$count ${if (count == 1) one else many}"

private fun brief(exception: Throwable): String {
    val message = Exceptions.message(exception)
    return if (message == null) exception.javaClass.name
    else shorten("${exception.javaClass.name}: $message")
}

private fun brief(value: Any?): String =
    when (value) {
        null -> "null"
        is String,
        is Int,
        is Long,
        is Short,
        is Byte,
        is Double,
        is Float,
        is Boolean,
        is Char -> shorten(value.toString())
        is Enum<*> -> value.name
        is Collection<*> ->
            "${value.javaClass.simpleName} of ${runCatching { value.size }.getOrDefault("unknown size")}"
        else -> "a ${value.javaClass.name}"
    }

private fun shorten(text: String): String =
    if (text.length <= MAX_LENGTH) Label.oneLine(text)
    else Label.oneLine(text.take(MAX_LENGTH)) + "... (${text.length} characters)"
