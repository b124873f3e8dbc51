package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.concurrent.Executor

/** `Future.from`: follows a stage; a cancel flows back to it. */
internal class StageJob<T>(scope: ScopeImpl, private val stage: CompletionStage<out T>) :
    PromiseJob<T>(scope) {
    override val kind: String
        get() = "stage"

    override fun newHandle(): FutureHandle<T> = FutureHandle(this)

    fun begin(): FutureHandle<T> {
        stage.whenComplete { value, exception ->
            val original =
                if (exception is CompletionException) exception.cause ?: exception else exception
            when (original) {
                null -> complete(value)
                is CancellationException ->
                    super.requestCancel(original.message, false, origin = null)
                else -> fail(original)
            }
        }
        return handle()
    }

    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ): Boolean {
        // Counted before the end is there to be seen: the scope waits for it (R23).
        scope.occupants.underWay(1)
        val cancelled = super.requestCancel(reason, interrupt, origin)
        // What depends on the stage is user code, and may wait for what this thread has yet to end:
        // it runs on a thread of its own.
        if (cancelled) scope.engine.pool.execute { cancelStage(interrupt) }
        else scope.occupants.underWay(-1)
        return cancelled
    }

    private fun cancelStage(interrupt: Boolean) {
        try {
            stage.toCompletableFuture().cancel(interrupt)
        } catch (e: UnsupportedOperationException) {
            // The interface allows a stage that cannot be cancelled; the javadoc of Future.from
            // says so.
        } catch (e: Throwable) {
            scope.report(FailureReport.Kind.CALLBACK_FAILED, this, e)
        } finally {
            scope.occupants.underWay(-1)
        }
    }
}

/** `toCompletableFuture`: the JDK's contract, in which a cancelled future is done at once. */
internal class CompletableView<T>(private val source: FutureHandle<T>) : CompletableFuture<T>() {
    init {
        // A callback, so that dependents run on the callback executor and never on the stack of
        // whoever completes the source.
        source.addDoneCallback { handOver() }
    }

    /**
     * A view that somebody completed or cancelled first does not have the failure: it stays unread.
     */
    private fun handOver() {
        val taken =
            when (val outcome = source.job.outcome()) {
                is Outcome.Success -> complete(outcome.value)
                is Outcome.Failure -> completeExceptionally(outcome.exception)
                is Outcome.Cancelled -> completeExceptionally(outcome.cancellation)
            }
        if (taken) source.job.markRead()
    }

    override fun defaultExecutor(): Executor = source.job.scope.callbackExecutor

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        if (!isDone) source.cancel(mayInterruptIfRunning)
        return super.cancel(mayInterruptIfRunning)
    }
}
