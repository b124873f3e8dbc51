@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.job

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.shorten
import io.github.coro4j.internal.base.withReason
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import kotlinx.coroutines.InternalCoroutinesApi

/** Describes the end of a job that has ended. */
internal fun endOf(job: FutureJob<*>): String =
    foldEnd(
        job.end,
        failed = { "failed: ${brief(it.exception)}" },
        cancelled = { "cancelled: ${shorten(it.cancellation.message ?: "no reason given")}" },
        succeeded = { "succeeded: ${brief(valueOf(it))}" },
    )

/** Describes the end of a job for dumps. Shows no value, and asks no exception for its message. */
internal fun kindOfEnd(job: FutureJob<*>): String =
    foldEnd(
        job.end,
        failed = { "failed: ${it.exception.javaClass.name}" },
        cancelled = { withReason("cancelled", cancelReason(it.cancellation)) },
        succeeded = { "succeeded" },
    )

internal fun cancelReason(job: FutureJob<*>): String? = cancelReason(job.getCancellationException())

/** Returns the reason of a cancellation that the engine made, or null. */
internal fun cancelReason(cancellation: CancellationException): String? =
    (cancellation as? TaskCancelledException)?.reason()

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
