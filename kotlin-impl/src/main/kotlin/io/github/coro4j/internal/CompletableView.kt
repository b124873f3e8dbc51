package io.github.coro4j.internal

import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.function.Supplier

/**
 * `toCompletableFuture`: the JDK's contract, in which a cancelled future is done at once. Whoever
 * ends it in another way (by hand, by `orTimeout`) has taken the place of the result, so the work
 * is cancelled.
 */
internal class CompletableView<T>(private val source: FutureHandle<T>) : CompletableFuture<T>() {
    init {
        // A callback, so that dependents run on the callback executor and never on the stack of
        // whoever completes the source. Nobody depends on this one yet.
        if (source.isDone) handOver() else source.addDoneCallback { handOver() }
    }

    /**
     * A view that somebody completed or cancelled first does not have the failure: it stays unread.
     */
    private fun handOver() {
        val taken =
            when (val outcome = source.job.outcome()) {
                is Outcome.Success -> super.complete(outcome.value)
                is Outcome.Failure -> super.completeExceptionally(outcome.exception)
                is Outcome.Cancelled -> super.completeExceptionally(outcome.cancellation)
            }
        if (taken) source.job.markRead()
    }

    override fun defaultExecutor(): Executor = source.job.scope.callbackExecutor

    // ---- ended by others

    /**
     * Always with an interrupt: to a `CompletableFuture` the argument means nothing, so callers
     * give it either way; kotlinx, when an awaiter is cancelled, gives false.
     */
    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        if (isDone) return isCancelled
        // Before the dependents run, which may wait for the work.
        val reason = "its CompletableFuture was cancelled"
        if (!cancelSource(reason)) return super.cancel(mayInterruptIfRunning)
        // The first request to the source, unless that has failed since.
        val first = source.job.getCancellationException() as? TaskCancelledException
        val cancellation = first ?: TaskCancelledException(source.job.name(), reason)
        return super.completeExceptionally(cancellation) || isCancelled
    }

    override fun complete(value: T): Boolean = byHand(super.complete(value))

    override fun completeExceptionally(exception: Throwable?): Boolean =
        byHand(super.completeExceptionally(exception), exception)

    /**
     * As in the JDK, but by [complete], which the JDK's own does not call. Java 8, and Android 26,
     * have no such method to call in turn.
     */
    override fun completeAsync(
        supplier: Supplier<out T>,
        executor: Executor,
    ): CompletableFuture<T> {
        executor.execute {
            if (isDone) return@execute
            try {
                complete(supplier.get())
            } catch (e: Throwable) {
                completeExceptionally(e as? CompletionException ?: Exceptions.completion(e))
            }
        }
        return this
    }

    override fun obtrudeValue(value: T) {
        super.obtrudeValue(value)
        byHand(true)
    }

    override fun obtrudeException(exception: Throwable?) {
        super.obtrudeException(exception)
        byHand(true, exception)
    }

    private fun byHand(completed: Boolean, exception: Throwable? = null): Boolean {
        if (completed) {
            val how = if (exception == null) "by hand" else "with ${exception.javaClass.name}"
            cancelSource("its CompletableFuture was completed $how")
        }
        return completed
    }

    private fun cancelSource(reason: String) = source.job.cancelFromUser(reason)

    // ---- read: newer JDKs throw a copy of the cancellation, in which the reason is hidden

    override fun get(): T = withTheOriginal { super.get() }

    override fun get(timeout: Long, unit: TimeUnit?): T = withTheOriginal {
        super.get(timeout, unit)
    }

    override fun join(): T = withTheOriginal { super.join() }

    override fun getNow(valueIfAbsent: T): T = withTheOriginal { super.getNow(valueIfAbsent) }

    private inline fun withTheOriginal(read: () -> T): T =
        try {
            read()
        } catch (e: CancellationException) {
            throw handle<Throwable?> { _, original -> original }.getNow(null) ?: e
        }
}
