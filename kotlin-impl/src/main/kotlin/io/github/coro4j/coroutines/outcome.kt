@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Outcome
import kotlinx.coroutines.CancellationException

/**
 * Returns this outcome as a `kotlin.Result`. A failure and a cancellation become a failed result
 * with the original exception. [toOutcome] converts it back.
 */
@JvmSynthetic
public fun <T> Outcome<T>.toResult(): Result<T> =
    when (this) {
        is Outcome.Success -> Result.success(value)
        is Outcome.Failure -> Result.failure(exception)
        is Outcome.Cancelled -> Result.failure(cancellation)
    }

/**
 * Returns this result as an outcome. A failure with a `CancellationException`, which `runCatching`
 * catches in a cancelled coroutine, becomes [Outcome.Cancelled]. Any other failure becomes
 * [Outcome.Failure].
 */
@JvmSynthetic
public fun <T> Result<T>.toOutcome(): Outcome<T> =
    fold({ Outcome.Success(it) }) { exception ->
        if (exception is CancellationException) Outcome.Cancelled(exception)
        else Outcome.Failure(exception)
    }
