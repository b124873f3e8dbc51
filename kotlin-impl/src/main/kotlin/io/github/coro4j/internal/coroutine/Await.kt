package io.github.coro4j.internal.coroutine

import io.github.coro4j.DeadlockException
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.SharedFailures
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.engine
import io.github.coro4j.internal.job.jobOf
import io.github.coro4j.internal.job.original
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext

/**
 * Suspends until this job has ended. The coroutine is resumed without a value and reads the end
 * itself, because the debug mode of coroutines copies an exception that resumes a coroutine. A
 * cancel of the coroutine ends the wait, and leaves the job alone (R8).
 */
internal suspend fun FutureJob<*>.awaitEnd() = awaitOver(this)

/** Suspends until [awaited] is over; see [awaitEnd]. Throws if the wait would close a circle. */
internal suspend fun awaitOver(awaited: Awaitable) {
    if (awaited.isOver) return
    val wait =
        suspendedWait(currentCoroutineContext(), awaited, mustWait = false)
            ?: return suspendUntilOver(awaited)
    wait.begin()
    try {
        // publish, then re-check: pairs with BlockingWait.publishing and CoroutineWait.begin of
        // other waits
        wait.refuseCircle()
        suspendUntilOver(awaited)
    } finally {
        wait.end()
    }
}

/** Suspends until [awaited] is over, even if the coroutine is cancelled; see [awaitOver]. */
internal suspend fun mustAwaitOver(awaited: Awaitable) {
    if (awaited.isOver) return
    val wait = suspendedWait(currentCoroutineContext(), awaited, mustWait = true)
    wait?.begin()
    try {
        wait?.refuseCircle() // publish, then re-check: see awaitOver
        withContext(NonCancellable) { suspendUntilOver(awaited) }
    } finally {
        wait?.end()
    }
}

private suspend fun suspendUntilOver(awaited: Awaitable) {
    val resuming = Resuming(awaited)
    try {
        suspendCancellableCoroutine(resuming::begin)
    } finally {
        resuming.hasGoneOn = true
    }
}

/** Resumes a coroutine, once. */
private class Resuming(private val awaited: Awaitable) : Waiter() {
    private val decided = AtomicBoolean()
    private lateinit var coroutine: CancellableContinuation<Unit>

    @Volatile var hasGoneOn = false

    override val isStale: Boolean
        get() = decided.get()

    fun begin(coroutine: CancellableContinuation<Unit>) {
        this.coroutine = coroutine
        awaited.subscribe(this)
        coroutine.invokeOnCancellation { leave() }
    }

    fun leave() {
        decided.set(true)
        awaited.unsubscribe(this)
    }

    override fun run() {
        if (!awaited.isOver || !decided.compareAndSet(false, true)) return
        awaited.unsubscribe(this)
        if (onlyQueues(coroutine.context)) resume() else engine().duties.execute(::resume)
    }

    /**
     * Resumes the coroutine. A dispatcher without a guard, such as that of a `withContext`, may
     * throw. Then the coroutine is resumed but not dispatched. The continuation is itself the
     * `Runnable` that dispatchers get, so the engine's pool runs it, and the coroutine sees that
     * its job is cancelled.
     */
    private fun resume() {
        try {
            coroutine.resume(Unit)
        } catch (e: Throwable) {
            if (hasGoneOn) return
            refused(coroutine.context, e)
            (coroutine as? Runnable)?.let(engine().pool::execute)
        }
    }
}

/**
 * Awaits this job and returns its value, for a coroutine that owns the job. If the coroutine is
 * cancelled, or its wait would close a circle, this cancels the job and waits for its end.
 */
internal suspend fun <T> FutureJob<T>.awaitOwned(): T {
    try {
        awaitEnd()
    } catch (circle: DeadlockException) {
        requestCancel(IN_CIRCLE, interrupt = true)
        unlessInAnotherCircle { mustAwaitOver(this) }
        throw circle
    } catch (e: CancellationException) {
        // Here `coroutineContext` would be that of the job.
        if (currentCoroutineContext().isActive) throw e
        requestCancel(reasonFrom(e), interrupt = true, origin = e as? TaskCancelledException)
        try {
            mustAwaitOver(this)
        } catch (circle: DeadlockException) {
            SharedFailures.attachAll(circle, listOf(e))
            throw circle
        }
        // A failure during the clean-up must not be lost (R7).
        if (failed == null) {
            markRead()
            throw e
        }
    }
    return readValue()
}

/** Returns the reason for a cancel because of [cause]: its own reason, or the caller's failure. */
internal fun reasonFrom(cause: Throwable): String? {
    // In the debug mode of coroutines this may be a copy; its first cause is then the original.
    val causes = generateSequence(cause, Exceptions::cause).take(4)
    val failure = causes.firstOrNull { it !is CancellationException }
    // kotlinx's message is "SuspendTaskJob is cancelling", with the class name of the job.
    val isFailure =
        cause !is CancellationException ||
            Exceptions.message(cause)?.endsWith(" is cancelling") == true
    return when {
        cause is TaskCancelledException -> cause.reason()
        failure != null && isFailure ->
            "the coroutine that called it failed: ${original(failure).javaClass.name}"
        else -> Exceptions.message(cause)
    }
}

private const val IN_CIRCLE = "its caller would have waited for it in a circle"

/**
 * Waits for the end of a job that was cancelled because of a circle. Returns at once if the
 * clean-up of the job closes another circle.
 */
private inline fun unlessInAnotherCircle(wait: () -> Unit) {
    try {
        wait()
    } catch (e: DeadlockException) {
        // The caller throws the exception of the first wait.
    }
}

/** Waits on the calling thread as [awaitOwned] does in a coroutine; see `Suspend.runBlocking`. */
internal fun <T> Task<T>.joinOwned(): T {
    val job = jobOf<T>(this) { "task" }
    val state = ThreadState.orNull()
    val ended =
        try {
            BlockingWait.waitFor(job, state, BlockingWait.FOREVER)
        } catch (circle: DeadlockException) {
            job.requestCancel(IN_CIRCLE, interrupt = true)
            unlessInAnotherCircle { BlockingWait.uninterruptibly(job) }
            throw circle
        } catch (refused: Throwable) {
            // The guard allowed the wait before the start and refuses it now, so nothing would wait
            // for this job.
            job.requestCancel("its caller must not block", interrupt = true)
            throw refused
        }
    if (ended == BlockingWait.Ended.INTERRUPT) {
        val cancelled = state?.current?.takeIf { it.isCancelled }?.getCancellationException()
        val interrupted =
            if (cancelled == null)
                WaitMessages.interrupted(job.toLabel(), "which was cancelled with it")
            else null
        val reason =
            if (cancelled != null) reasonFrom(cancelled) else "the waiting thread was interrupted"
        job.requestCancel(reason, interrupt = true, origin = cancelled as? TaskCancelledException)
        BlockingWait.uninterruptibly(job)
        if (interrupted != null && job.failed == null) {
            job.markRead()
            throw interrupted
        }
    }
    return job.readValue()
}

/**
 * Cancels this job, unless it has ended, and suspends until it has, even if the coroutine is
 * cancelled. If the wait would close a circle, the exception carries [failure] as suppressed.
 */
internal suspend fun FutureJob<*>.cancelAndAwaitAfter(failure: Throwable?, reason: String) {
    if (isCompleted) return
    wantedNoMore(reason)
    try {
        mustAwaitOver(this)
    } catch (circle: DeadlockException) {
        if (failure != null) SharedFailures.attachAll(circle, listOf(failure))
        throw circle
    }
}
