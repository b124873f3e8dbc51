@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Outcome
import kotlinx.coroutines.CancellationException

/**
 * This outcome as a `kotlin.Result`: a failure and a cancellation become a failed result with the
 * original exception. [toOutcome] is the way back.
 */
@JvmSynthetic
public fun <T> Outcome<T>.toResult(): Result<T> =
    when (this) {
        is Outcome.Success -> Result.success(value)
        is Outcome.Failure -> Result.failure(exception)
        is Outcome.Cancelled -> Result.failure(cancellation)
    }

/**
 * This result as an outcome: one that failed with a `CancellationException`, as `runCatching` makes
 * of a cancelled coroutine, becomes [Outcome.Cancelled], any other [Outcome.Failure].
 */
@JvmSynthetic
public fun <T> Result<T>.toOutcome(): Outcome<T> =
    fold({ Outcome.Success(it) }) { exception ->
        if (exception is CancellationException) Outcome.Cancelled(exception)
        else Outcome.Failure(exception)
    }
