package io.github.coro4j.internal.future

import io.github.coro4j.FailureReport
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.job.report
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.concurrent.ExecutionException
import java.util.concurrent.Future

/**
 * Passes a cancel on to a foreign future, as a duty for which the scope waits. Dependents of that
 * future are user code, and may wait for something that this thread has yet to end.
 */
internal inline fun FutureJob<*>.passOnOutside(crossinline cancel: () -> Unit) =
    scope.executeHoldingOpen(scope.engine.duties) {
        try {
            cancel()
        } catch (e: Throwable) {
            scope.report(FailureReport.Kind.CALLBACK_FAILED, this, e)
        }
    }

/** Returns [cancellation] if the engine made it, or else a new one with it as the cause. */
internal fun FutureJob<*>.ownCancellation(cancellation: CancellationException) =
    cancellation as? TaskCancelledException
        ?: TaskCancelledException(name(), Exceptions.message(cancellation), cancellation)

/** Follows a foreign future, and passes a cancel back to it. */
internal abstract class ForeignJob<T, S : Any>(scope: JobScope, source: S) :
    PromiseJob<T>(scope.ownerOfStarted()) {
    /** The foreign future that this job follows; null after the end. */
    @Volatile
    protected var source: S? = source
        private set

    override fun newHandle(): JobHandle<T> = scope.engine.futureOf(this)

    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean {
        val followed = source ?: return super.requestCancel(reason, interrupt, origin)
        // From before other threads can see the end, the scope waits for the cancel (R23).
        return scope.holdOpen {
            super.requestCancel(reason, interrupt, origin).also { isCancelled ->
                if (isCancelled) passOnOutside { cancelSource(followed, interrupt) }
            }
        }
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        source = null
    }

    /** Passes the cancel of this job on. Runs user code. */
    protected abstract fun cancelSource(source: S, interrupt: Boolean)

    protected fun sourceCancelled(cancellation: CancellationException) = decide {
        endWith(ownCancellation(cancellation))
    }
}

/** The future of `Future.from`. */
internal class StageJob<T>(scope: JobScope, stage: CompletionStage<out T>) :
    ForeignJob<T, CompletionStage<out T>>(scope, stage) {
    override val kind: String
        get() = "stage"

    fun begin(): JobHandle<T> {
        owner.started(this)
        try {
            source!!.whenComplete(::handleEnd)
        } catch (e: Throwable) {
            // The dependent stage may read a broken exception after it has completed this job.
            if (!isCompleted) throw e
        }
        return handle()
    }

    private fun handleEnd(value: T, exception: Throwable?) {
        // On every JDK a dependent stage wraps the failure of the stage before it once, and the
        // first stage does not wrap its own failure.
        val original =
            if (exception is CompletionException) Exceptions.cause(exception) ?: exception
            else exception
        when (original) {
            null -> complete(value)
            is CancellationException -> sourceCancelled(original)
            else -> fail(original)
        }
    }

    override fun cancelSource(source: CompletionStage<out T>, interrupt: Boolean) {
        try {
            source.toCompletableFuture().cancel(interrupt)
        } catch (e: UnsupportedOperationException) {
            // The interface allows a stage that cannot be cancelled; the javadoc of Future.from
            // says so.
        }
    }
}

/**
 * The future of `Future.fromBlocking`. A future of the JDK does not report its end, so a thread
 * blocks in its `get`. That thread serves only this job, so no interrupt reaches other work (R5),
 * and no pool lacks a thread.
 */
internal class JdkFutureJob<T>(scope: JobScope, source: Future<out T>) :
    ForeignJob<T, Future<out T>>(scope, source), Runnable {
    /** The thread that waits for the source, or null. */
    @Volatile private var waiting: Thread? = null

    override val kind: String
        get() = "blocking future"

    fun begin(): JobHandle<T> {
        owner.started(this)
        if (source!!.isDone) uninterrupted() else startThread()
        return handle()
    }

    private fun startThread() {
        try {
            scope.engine.startBlocking(this)
        } catch (e: Throwable) {
            // The JVM has no thread left, so nothing else would end this job.
            fail(e)
        }
    }

    /**
     * Reads the ended source without the interrupt flag, because some futures check the flag first.
     */
    private fun uninterrupted() {
        val interrupted = Thread.interrupted()
        awaitSource()
        if (interrupted) interruptSelf()
    }

    override fun run() {
        waiting = Thread.currentThread()
        // publish, then re-check: pairs with JdkFutureJob.cancelSource, called after the end
        if (!isCompleted) awaitSource()
        waiting = null
    }

    private fun awaitSource() {
        val source = source ?: return // cancelled meanwhile
        val value =
            try {
                get(source)
            } catch (e: CancellationException) {
                sourceCancelled(e)
                return
            } catch (e: ExecutionException) {
                fail(Exceptions.cause(e) ?: e)
                return
            } catch (e: Throwable) {
                // This is an interrupt after a cancel, when this job has ended already, or a future
                // that breaks the contract of get().
                fail(e)
                return
            }
        complete(value)
    }

    /**
     * Waits for the source. An interrupt before the end of this job is a stray one. A source that
     * throws it again and again has failed.
     */
    private fun get(source: Future<out T>): T {
        repeat(MOST_STRAY_INTERRUPTS) {
            try {
                return source.get()
            } catch (e: InterruptedException) {
                if (isCompleted) throw e
            }
        }
        return source.get()
    }

    override fun cancelSource(source: Future<out T>, interrupt: Boolean) {
        try {
            source.cancel(interrupt)
        } finally {
            // If the source ignores the cancel, free the thread by an interrupt.
            if (!source.isDone) waiting?.interrupt()
        }
    }

    private companion object {
        const val MOST_STRAY_INTERRUPTS = 100
    }
}
