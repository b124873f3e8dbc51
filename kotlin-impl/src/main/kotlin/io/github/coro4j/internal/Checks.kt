package io.github.coro4j.internal

import io.github.coro4j.Future
import java.time.Duration
import java.util.concurrent.TimeUnit

// Bad input gets its error here, on the caller's thread, before anything has been started (R3).
// Java callers can pass null wherever the signature forbids it, so the checks look at what Kotlin
// takes for granted.

internal fun requireArgument(value: Any?, parameter: String, wayOut: String = "") {
    if (value == null) throw NullPointerException("$parameter must not be null$wayOut")
}

internal fun requireName(name: String?) {
    requireArgument(name, "name")
    require(!name!!.isBlank()) {
        "name must not be blank; it stands in every message about the thing it names"
    }
}

internal fun positive(duration: Duration?, parameter: String) {
    requireArgument(duration, parameter)
    require(!duration!!.isNegative && !duration.isZero) {
        "$parameter must be longer than zero, but is $duration; give at least 1 ms"
    }
}

/** Saturated: 292 years are for ever. */
internal fun nanosOf(duration: Duration?, parameter: String): Long {
    requireArgument(duration, parameter)
    require(!duration!!.isNegative) {
        "$parameter must not be negative, but is $duration; zero looks once and does not wait"
    }
    return try {
        duration.toNanos()
    } catch (e: ArithmeticException) {
        TimeUnit.DAYS.toNanos(Long.MAX_VALUE)
    }
}

/** The job behind a future; only futures of this engine have one. */
@Suppress("UNCHECKED_CAST")
internal inline fun <T> jobOf(future: Future<out T>, what: () -> String): FutureJob<T> =
    (future as? FutureHandle<T>)?.job
        ?: throw IllegalArgumentException(
            "${what()} is a ${future.javaClass.name}, which is no future of this engine; " +
                "complete a Promise from it, or use Future.from if it is a CompletionStage"
        )
