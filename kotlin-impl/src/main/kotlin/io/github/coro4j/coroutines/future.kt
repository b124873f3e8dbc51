@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Outcome
import io.github.coro4j.internal.coroutine.DeferredJob
import io.github.coro4j.internal.coroutine.awaitEnd
import io.github.coro4j.internal.coroutine.mustAwaitOver
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.currentScope
import io.github.coro4j.internal.job.heldAsDeferred
import io.github.coro4j.internal.job.jobOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.withContext

// The file and each function are hidden from Java, which has `join`, so that the completion list
// for Java shows nothing that is only for Kotlin.

/**
 * Suspends until this future is done, and returns its value.
 *
 * Waiting is not ownership: if the awaiting coroutine is cancelled, this function throws its
 * cancellation, and the work runs on. [cancelAndAwait] would stop it. The coroutine goes on in its
 * own dispatcher, never on the stack of the thread that ends the future. If the future is already
 * done, this function returns at once.
 *
 * ```
 * val user = users.load(42).await()
 * ```
 *
 * **Memory effects.** What the body did happens-before the return.
 *
 * @throws Throwable if the work failed: the original object, also in the debug mode of coroutines.
 *   If a Java body or a promise failed with the exception of an inner `join` or `get`, this is the
 *   cause of that exception
 * @throws io.github.coro4j.TaskCancelledException if the future was cancelled. The coroutine cannot
 *   tell this from its own cancellation; [awaitOutcome] can
 * @throws io.github.coro4j.DeadlockException if this future waits for the awaiting task. Waits in
 *   the body and in coroutines below it count, except inside `withTimeout`, which ends the wait
 * @throws IllegalArgumentException if this is not a future of Coro4j
 */
@JvmSynthetic
public suspend fun <T> Future<T>.await(): T {
    val job = job("await()")
    return if (job.isDone) job.readValue() else job.await()
}

/**
 * Suspends until this future is done, and returns its outcome. Unlike [await], it does not throw a
 * failure of the work. A `when` over the outcome needs no `else`.
 *
 * ```
 * val text = when (val end = users.load(42).awaitOutcome()) {
 *     is Outcome.Success -> end.value.name
 *     is Outcome.Failure -> "failed: ${end.exception}"
 *     is Outcome.Cancelled -> "cancelled: ${end.cancellation.message}"
 * }
 * ```
 *
 * @throws kotlinx.coroutines.CancellationException if the awaiting coroutine was cancelled, and
 *   only then
 * @throws io.github.coro4j.DeadlockException as in [await]
 * @throws IllegalArgumentException if this is not a future of Coro4j
 */
@JvmSynthetic
public suspend fun <T> Future<T>.awaitOutcome(): Outcome<T> {
    val job = job("awaitOutcome()")
    job.awaitEnd()
    job.markRead()
    return job.outcome()
}

/**
 * Cancels this future, and suspends until it has really ended, including the `finally` blocks of
 * its body. The wait goes on even if the calling coroutine is cancelled meanwhile.
 *
 * @param reason why the future is cancelled; if it was cancelled before, the first reason stays
 * @return the outcome
 * @throws io.github.coro4j.DeadlockException if this future is the calling task, or waits for it;
 *   the future was cancelled
 * @throws IllegalArgumentException if this is not a future of Coro4j
 */
@JvmSynthetic
public suspend fun <T> Future<T>.cancelAndAwait(reason: String): Outcome<T> {
    val job = job("cancelAndAwait()")
    job.cancelFromUser(reason)
    mustAwaitOver(job)
    job.markRead()
    return job.outcome()
}

/**
 * Returns this future as a `Deferred` of kotlinx.coroutines: the task itself, not a copy. The
 * `Deferred` is complete when the body has ended. [asFuture] of it returns this future again.
 *
 * Cancelling the `Deferred` does what [Future.cancel] does, so it interrupts a Java body. The
 * message of the given `CancellationException` becomes the reason. The exception itself becomes the
 * cause of the [io.github.coro4j.TaskCancelledException].
 *
 * `await` and `getCompleted` read a failure. `select` and kotlinx's `awaitAll` do not, so the
 * failure is also reported when its scope closes. From this call on, the failure of a `launch` is
 * no longer reported at once. Prefer [awaitAll] of this library. `select`, kotlinx's `awaitAll` and
 * `invokeOnCompletion` see the original exception, or a [FutureFailedException] where kotlinx
 * cannot hold the original. In the debug mode of coroutines, `select` and kotlinx's `awaitAll`
 * throw a copy with the original as its cause, as for any `Deferred`.
 *
 * @throws IllegalArgumentException if this is not a future of Coro4j
 */
@JvmSynthetic
public fun <T> Future<T>.asDeferred(): Deferred<T> =
    job("asDeferred()").also { it.heldAsDeferred() }

/**
 * Returns a future for this `Deferred`. If the `Deferred` came from [asDeferred], this is the
 * original future. Otherwise the future ends when the `Deferred` does, with the same value or
 * exception. A lazy `Deferred` is started.
 *
 * A cancel of the future, or of the task whose body has called this, is passed on to the `Deferred`
 * by a thread of the engine, because that may run user code. The future is done when the `Deferred`
 * is.
 *
 * The future takes its name from the `CoroutineName` of the coroutine. It belongs to the current
 * task's scope, which reports the failure if no code has read it. Closing that scope neither
 * cancels the future nor waits for it.
 */
@JvmSynthetic
public fun <T> Deferred<T>.asFuture(): Future<T> =
    @Suppress("UNCHECKED_CAST")
    if (this is FutureJob<*>) (this as FutureJob<T>).handle()
    else DeferredJob(currentScope(), this).begin()

/**
 * Returns a future for the values of all these `Deferred`s, in the same order. It waits with the
 * `awaitAll` of kotlinx.coroutines: if one fails or is cancelled, the future fails with the first
 * failure at once, and leaves the others running. Lazy `Deferred`s are started. The `Deferred`s are
 * read once, now.
 *
 * Cancelling the future cancels each `Deferred`, on a thread of the engine. The future is done when
 * the last of them has ended. It belongs to the current task's scope, as for a single `Deferred`.
 *
 * @throws NullPointerException if Java code has put null among them
 */
@JvmSynthetic
public fun <T> Iterable<Deferred<T>>.asFuture(): Future<List<T>> {
    val all = ArrayList<Deferred<T>>()
    for (each: Deferred<T>? in this) all.add(
        each
            ?: throw NullPointerException(
                "the receiver of asFuture()[${all.size}] must not be null: leave it out"
            )
    )
    // Its own code is all that runs here, so it may resume on the thread that ends a Deferred.
    return CoroutineScope(Dispatchers.Unconfined).async { awaitOwned(all) }.asFuture()
}

private suspend fun <T> awaitOwned(all: List<Deferred<T>>): List<T> {
    try {
        return all.awaitAll()
    } catch (e: Throwable) {
        if (currentCoroutineContext().isActive) throw originalOf(e, all)
        val cancellation = e as? CancellationException
        all.forEach { it.cancel(cancellation) }
        withContext(NonCancellable) { all.joinAll() }
        throw e
    }
}

/** Returns the failure of which [thrown] may be a copy, which the debug mode of kotlinx makes. */
@OptIn(ExperimentalCoroutinesApi::class)
private fun originalOf(thrown: Throwable, all: List<Deferred<*>>): Throwable =
    all.firstNotNullOfOrNull { each ->
        val failure = if (each.isCompleted) each.getCompletionExceptionOrNull() else null
        failure?.takeIf { it === thrown || it === thrown.cause }
    } ?: thrown

/**
 * Suspends until all of these futures are done, and returns their values in the same order. If a
 * future fails, this function throws the first failure and leaves the others running. It awaits
 * `Gather.of(this).all()`.
 *
 * @throws Throwable if a future failed or was cancelled, as in [await]
 * @throws IllegalArgumentException if one of these is not a future of Coro4j
 */
@JvmSynthetic
public suspend fun <T> Iterable<Future<T>>.awaitAll(): List<T> = Gather.of(this).all().await()

private fun <T> Future<T>.job(verb: String): FutureJob<T> =
    jobOf<T>(this) { "the receiver of $verb" }
