package io.github.coro4j.internal.future

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.LONGEST_WAIT
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WaitQueue
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.exceptionOf
import io.github.coro4j.internal.job.unwatch
import io.github.coro4j.internal.job.valueOf
import io.github.coro4j.internal.job.watch
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.GuardedWait
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import java.util.function.Supplier

/**
 * The result of `toCompletableFuture`. By the JDK's contract a cancelled view is done at once. If a
 * caller or `orTimeout` completes the view, the view cancels the work, because its result has no
 * use any more.
 */
internal class CompletableFutureView<T>(private val source: FutureHandle<T>) :
    CompletableFuture<T>() {
    /** What ended this view: [PENDING], [SOURCE] or [OTHER]. */
    @Volatile @Transient @JvmField internal var ender = PENDING

    private val waiters = WaitQueue()

    init {
        // A callback completes the view, so that dependents run on the callback executor, and not
        // on the stack of the thread that completes the source. There are no dependents yet.
        if (source.isDone) handOver() else source.addDoneCallback { handOver() }
    }

    /** Returns whether the end of the source ended this view. Dependents may not have run yet. */
    private fun hasEndOfSource(): Boolean {
        if (ender == PENDING && source.isDone) ENDER.compareAndSet(this, PENDING, SOURCE)
        return ender == SOURCE
    }

    /** Claims the right to end this view instead of the source. */
    private fun claim(): Boolean {
        while (!isDone) {
            if (ENDER.compareAndSet(this, PENDING, OTHER)) return true
            // The thread that claimed it first is about to make its end visible.
            Thread.yield()
        }
        return false
    }

    /**
     * Completes this view with the end of the source. If the view was completed or cancelled first,
     * a failure of the source stays unread.
     */
    private fun handOver() {
        if (!hasEndOfSource()) return
        val job = source.job
        val exception = exceptionOf(job)
        val taken =
            if (exception != null) super.completeExceptionally(exception)
            else @Suppress("UNCHECKED_CAST") super.complete(valueOf(job.end) as T)
        if (taken) job.markRead()
    }

    override fun defaultExecutor(): Executor = source.job.scope.callbackExecutor

    // ---- ended by others

    /**
     * Cancels the source, always with an interrupt. The argument means nothing to a
     * `CompletableFuture`, and kotlinx gives false when an awaiting coroutine is cancelled.
     */
    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        if (!claim()) return isCancelled
        // The source comes first, because the dependents may wait for its work.
        val reason = "its CompletableFuture was cancelled"
        try {
            if (!cancelSource(reason)) return super.cancel(mayInterruptIfRunning)
            // This is the first request to the source, unless the source has failed meanwhile.
            val first = source.job.getCancellationException() as? TaskCancelledException
            val cancellation = first ?: TaskCancelledException(source.job.name(), reason)
            return super.completeExceptionally(cancellation) || isCancelled
        } finally {
            // After an error of the JVM, such as a full stack, the next call can end it.
            if (!super.isDone()) ENDER.compareAndSet(this, OTHER, PENDING)
            waiters.wakeAll()
        }
    }

    override fun complete(value: T): Boolean = claim() && byHand(super.complete(value))

    override fun completeExceptionally(exception: Throwable?): Boolean {
        if (exception == null) throw NullPointerException() // as the JDK
        return claim() && byHand(super.completeExceptionally(exception), exception)
    }

    /**
     * Does what the JDK's method does, but by [complete], which the JDK's method does not call.
     * Java 8 and Android 26 have no such method.
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
        ender = OTHER
        super.obtrudeValue(value)
        byHand(true)
    }

    override fun obtrudeException(exception: Throwable?) {
        if (exception == null) throw NullPointerException() // as the JDK
        ender = OTHER
        super.obtrudeException(exception)
        byHand(true, exception)
    }

    private fun byHand(completed: Boolean, exception: Throwable? = null): Boolean {
        waiters.wakeAll()
        if (completed) {
            val how = if (exception == null) "by hand" else "with ${exception.javaClass.name}"
            cancelSource("its CompletableFuture was completed $how")
        }
        return completed
    }

    private fun cancelSource(reason: String) = source.job.cancelFromUser(reason)

    // ---- read

    /**
     * Returns the source if readers must read its end, or null if they must read the state of this
     * `CompletableFuture`. With dependents, only the callback executor may complete that state. The
     * reader must not wait for that, because it may hold the executor's only thread. Without
     * dependents the reader completes the state itself.
     */
    private fun endOfSource(): FutureJob<T>? {
        if (!hasEndOfSource() || super.isDone()) return null
        if (numberOfDependents == 0) {
            handOver()
            return null
        }
        source.job.markRead()
        return source.job
    }

    override fun isDone(): Boolean = hasEndOfSource() || super.isDone()

    override fun isCancelled(): Boolean {
        val job = endOfSource() ?: return super.isCancelled()
        return exceptionOf(job) is CancellationException
    }

    override fun isCompletedExceptionally(): Boolean {
        val job = endOfSource() ?: return super.isCompletedExceptionally()
        return exceptionOf(job) != null
    }

    override fun get(): T {
        throwIfInterrupted(BlockingWait.waitFor(End(), ThreadState.orNull(), BlockingWait.FOREVER))
        val job = endOfSource() ?: return withTheOriginal { super.get() }
        return valueOf(job) {
            Exceptions.execution(if (it is CompletionException) Exceptions.cause(it) ?: it else it)
        }
    }

    override fun get(timeout: Long, unit: TimeUnit?): T {
        val nanos = unit!!.toNanos(timeout).coerceIn(0, LONGEST_WAIT)
        val ended = BlockingWait.waitFor(End(), ThreadState.orNull(), nanos)
        if (ended == BlockingWait.Ended.TIME) throw TimeoutException()
        throwIfInterrupted(ended)
        return get()
    }

    private fun throwIfInterrupted(ended: BlockingWait.Ended) {
        if (ended != BlockingWait.Ended.INTERRUPT) return
        Thread.interrupted() // the JDK's contract: the exception takes the place of the flag
        throw InterruptedException(WaitMessages.message(source.job.toLabel()))
    }

    override fun join(): T {
        if (!isDone) GuardedWait.ask(End())
        BlockingWait.uninterruptibly(End())
        return valueNow { super.join() }
    }

    override fun getNow(valueIfAbsent: T): T =
        if (isDone) valueNow { super.getNow(valueIfAbsent) } else valueIfAbsent

    private inline fun valueNow(own: () -> T): T {
        val job = endOfSource() ?: return withTheOriginal(own)
        return valueOf(job) { it as? CompletionException ?: Exceptions.completion(it) }
    }

    /** Overrides the method of JDK 19 and later, which JDK 17 does not have. */
    fun resultNow(): T {
        check(isDone) { "Task has not completed" }
        check(!isCancelled) { "Task was cancelled" }
        check(!isCompletedExceptionally) { "Task completed with exception" }
        return join()
    }

    /** Overrides the method of JDK 19 and later, which JDK 17 does not have. */
    fun exceptionNow(): Throwable {
        check(isDone) { "Task has not completed" }
        check(!isCancelled) { "Task was cancelled" }
        try {
            join()
        } catch (e: CompletionException) {
            return Exceptions.cause(e) ?: e
        }
        throw IllegalStateException("Task completed with a result")
    }

    override fun toString(): String {
        val job = endOfSource() ?: return super.toString()
        val exception = exceptionOf(job)
        val how =
            if (exception == null) "normally" else "exceptionally: ${exception.javaClass.name}"
        return super.toString().substringBefore('[') + "[Completed $how]"
    }

    @Suppress("UNCHECKED_CAST")
    private inline fun valueOf(job: FutureJob<T>, wrap: (Throwable) -> Throwable): T {
        val exception = exceptionOf(job) ?: return valueOf(job.end) as T
        throw exception as? CancellationException ?: wrap(exception)
    }

    /** Newer JDKs throw a copy of the cancellation, in which the reason is hidden. */
    private inline fun withTheOriginal(read: () -> T): T =
        try {
            read()
        } catch (e: CancellationException) {
            throw handle<Throwable?> { _, original -> original }.getNow(null) ?: e
        }

    /**
     * The end of this view, for a thread that waits. With it the pool does not starve, and circles
     * are seen.
     */
    private inner class End : Awaitable {
        override val isOver: Boolean
            get() = isDone

        override val kind: String
            get() = source.job.kind

        override fun name(): String = source.job.name()

        override fun toLabel(): String = source.job.toLabel()

        override fun subscribe(waiter: Waiter) =
            waiters.subscribe(waiter) { source.job.watch(waiter) }

        override fun unsubscribe(waiter: Waiter) {
            waiters.remove(waiter)
            source.job.unwatch(waiter)
        }

        override fun dependencies(visit: (Awaitable) -> Unit) = visit(source.job)
    }

    private companion object {
        const val PENDING = 0
        const val SOURCE = 1
        const val OTHER = 2

        // JobState explains the reflection.
        val ENDER = AtomicIntegerFieldUpdater.newUpdater(CompletableFutureView::class.java, "ender")
    }
}
