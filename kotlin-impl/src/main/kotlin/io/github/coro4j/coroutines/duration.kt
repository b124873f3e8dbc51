@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Combination
import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Hedged
import io.github.coro4j.KeyedGather
import io.github.coro4j.TaskScope
import io.github.coro4j.ThrowingFunction
import kotlin.time.Duration
import kotlin.time.toJavaDuration

// The methods that take a `java.time.Duration`, for Kotlin's own; an infinite one is 292 years,
// which
// is "no limit" to them all. What they do and throw is said there. A static method cannot have one:
// `Task.sleep`
// is `delay` in Kotlin, and `TaskScope.hedge` is here.

/**
 * [Future.join] with a limit. Blocks the thread: a coroutine calls [await], inside `withTimeout`.
 */
@JvmSynthetic public fun <T> Future<T>.join(timeout: Duration): T = join(timeout.toJavaDuration())

/** [Future.orTimeout]. */
@JvmSynthetic
public fun <T> Future<T>.orTimeout(timeout: Duration): Future<T> =
    orTimeout(timeout.toJavaDuration())

/** [Future.completeOnTimeout]. */
@JvmSynthetic
public fun <T> Future<T>.completeOnTimeout(value: T, timeout: Duration): Future<T> =
    completeOnTimeout(value, timeout.toJavaDuration())

/** [Gather.timeout]. */
@JvmSynthetic
public fun <T> Gather<T>.timeout(limit: Duration): Gather<T> = timeout(limit.toJavaDuration())

/** [KeyedGather.timeout]. */
@JvmSynthetic
public fun <K, T> KeyedGather<K, T>.timeout(limit: Duration): KeyedGather<K, T> =
    timeout(limit.toJavaDuration())

/** [Combination.timeout]. */
@JvmSynthetic
public fun <R> Combination<R>.timeout(limit: Duration): Combination<R> =
    timeout(limit.toJavaDuration())

/** [TaskScope.Builder.deadline]. */
@JvmSynthetic
public fun TaskScope.Builder.deadline(deadline: Duration): TaskScope.Builder =
    deadline(deadline.toJavaDuration())

/** [TaskScope.hedge]. */
@JvmSynthetic
public fun <T> TaskScope.hedge(
    attempts: Int,
    delay: Duration,
    body: ThrowingFunction<in Int, out T>,
): Future<Hedged<T>> = hedge(attempts, delay.toJavaDuration(), body)
