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

// These functions take Kotlin's `Duration`, and call the methods that take a `java.time.Duration`.
// The javadoc of those methods says what they do and throw. An infinite duration becomes 292 years,
// which is in effect no limit. Static methods cannot have such a function: instead of `Task.sleep`,
// use `delay` in Kotlin.

/**
 * Calls [Future.join] with a limit, and blocks the thread. In a coroutine, call [await] in
 * `withTimeout`.
 */
@JvmSynthetic public fun <T> Future<T>.join(timeout: Duration): T = join(timeout.toJavaDuration())

/** Calls [Future.orTimeout]. */
@JvmSynthetic
public fun <T> Future<T>.orTimeout(timeout: Duration): Future<T> =
    orTimeout(timeout.toJavaDuration())

/** Calls [Future.completeOnTimeout]. */
@JvmSynthetic
public fun <T> Future<T>.completeOnTimeout(value: T, timeout: Duration): Future<T> =
    completeOnTimeout(value, timeout.toJavaDuration())

/** Calls [Gather.timeout]. */
@JvmSynthetic
public fun <T> Gather<T>.timeout(limit: Duration): Gather<T> = timeout(limit.toJavaDuration())

/** Calls [KeyedGather.timeout]. */
@JvmSynthetic
public fun <K, T> KeyedGather<K, T>.timeout(limit: Duration): KeyedGather<K, T> =
    timeout(limit.toJavaDuration())

/** Calls [Combination.timeout]. */
@JvmSynthetic
public fun <R> Combination<R>.timeout(limit: Duration): Combination<R> =
    timeout(limit.toJavaDuration())

/** Calls [TaskScope.Builder.deadline]. */
@JvmSynthetic
public fun TaskScope.Builder.deadline(deadline: Duration): TaskScope.Builder =
    deadline(deadline.toJavaDuration())

/** Calls [TaskScope.hedge]. */
@JvmSynthetic
public fun <T> TaskScope.hedge(
    attempts: Int,
    delay: Duration,
    body: ThrowingFunction<in Int, out T>,
): Future<Hedged<T>> = hedge(attempts, delay.toJavaDuration(), body)

/** Calls [TaskScope.join] with a limit, and blocks the thread. */
@JvmSynthetic public fun TaskScope.join(timeout: Duration): Boolean = join(timeout.toJavaDuration())

/**
 * Calls [TaskScope.close] with a limit, and blocks the thread. In a coroutine, await the future of
 * [TaskScope.closeAsync].
 */
@JvmSynthetic
public fun TaskScope.close(timeout: Duration): Boolean = close(timeout.toJavaDuration())
