package io.github.coro4j.internal

import java.math.BigDecimal
import java.time.Duration
import java.util.Locale

private const val MAX_LENGTH = 100

/**
 * The text of a future: type, name, state, then result or failure. Runs no user code but an
 * exception's `getMessage`: a result's own `toString` might be huge, slow, throw, or lead back
 * here.
 */
internal fun describe(job: FutureJob<*>): String {
    val type = job.kind.replaceFirstChar { it.titlecase(Locale.ROOT) }
    return "$type \"${job.name()}\" (${state(job)})"
}

private fun state(job: FutureJob<*>): String {
    if (!job.isCompleted)
        return (if (job.isCancelRequested) "cancelling" else "pending") + progress(job)
    return when (val end = job.end) {
        is UnreadFailure -> "failed: ${brief(end.exception)}"
        is CancelledEnd -> "cancelled: ${shorten(end.cancellation.message ?: "no reason given")}"
        else -> "succeeded: ${brief(end)}"
    }
}

private fun progress(job: FutureJob<*>): String {
    if (job !is BodyJob<*>) return ""
    if (job.isQueued) return ", waiting for a thread"
    val runner = job.slot as? Runner ?: return ""
    val nanos = System.nanoTime() - runner.since
    val waits = if (runner.current === job) runner.waitingFor else null
    // The thread may have gone on to another body since: then what was read is not about this one.
    if (job.slot !== runner) return ""
    val running =
        String.format(Locale.ROOT, ", running for %.3f s on %s", nanos / 1e9, runner.threadName)
    return if (waits == null) running else "$running, waiting for ${waits.toLabel()}"
}

/** `0.05 s`: one notation for all times in messages. */
internal fun seconds(duration: Duration): String {
    val exact = BigDecimal.valueOf(duration.seconds) + BigDecimal.valueOf(duration.nano.toLong(), 9)
    return "${exact.stripTrailingZeros().toPlainString()} s"
}

/** `1 task`, `2 tasks`. */
internal fun counted(count: Int, one: String, many: String = one + "s") =
    "$count ${if (count == 1) one else many}"

private fun brief(exception: Throwable): String {
    val message = runCatching { exception.message }.getOrNull()
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
    if (text.length <= MAX_LENGTH) text
    else text.take(MAX_LENGTH) + "... (${text.length} characters)"
