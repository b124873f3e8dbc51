@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.job

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.shorten
import io.github.coro4j.internal.base.withReason
import io.github.coro4j.spi.Exceptions
import kotlinx.coroutines.InternalCoroutinesApi

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
