package io.github.coro4j.internal.future

import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Registration
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.base.LONGEST_WAIT
import io.github.coro4j.internal.base.nanosOf
import io.github.coro4j.internal.base.positive
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.requireName
import io.github.coro4j.internal.base.seconds
import io.github.coro4j.internal.job.CallbackWithContext
import io.github.coro4j.internal.job.CancelledEnd
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.callbacks
import io.github.coro4j.internal.job.callbacksOrNull
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.spi.Exceptions
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.function.Consumer

/**
 * The object that Java code holds: sixteen bytes beside its job. One class cannot be both, because
 * `Job.isCancelled`, `join` and `start` are final. They mean something else than the methods of the
 * JDK and of this library (ADR 1).
 */
internal open class FutureHandle<T>(job: FutureJob<T>) : JobHandle<T>(job) {
    override fun isDone(): Boolean = job.isDone

    override fun isCancelled(): Boolean = job.isDone && job.end is CancelledEnd

    override fun isCancelling(): Boolean = job.isCancelRequested

    override fun outcome(): Outcome<T> {
        checkDone("joinOutcome()")
        job.markRead()
        return job.outcome()
    }

    override fun result(): T {
        checkDone("join()")
        return valueOrThrow()
    }

    override fun exception(): Throwable? {
        checkDone("joinOutcome()")
        job.markRead()
        return job.outcome().exceptionOrNull()
    }

    private fun checkDone(instead: String) {
        check(job.isDone) {
            "$job is not done; wait for it with $instead, or look at isDone() first"
        }
    }

    private fun valueOrThrow(): T {
        job.markRead()
        return job.outcome().valueOrThrow()
    }

    // ---- wait

    override fun get(): T {
        interruptibly(await(BlockingWait.FOREVER))
        return valueOrExecutionException()
    }

    override fun get(timeout: Long, unit: TimeUnit): T {
        requireArgument(unit, "unit") { "${job.toLabel()} was not waited for" }
        val ended = await(unit.toNanos(timeout).coerceIn(0, LONGEST_WAIT))
        if (ended == BlockingWait.Ended.TIME)
            throw timedOut(Duration.ofNanos(unit.toNanos(timeout).coerceAtLeast(0)))
        interruptibly(ended)
        return valueOrExecutionException()
    }

    private fun await(nanos: Long): BlockingWait.Ended =
        if (job.isDone) BlockingWait.Ended.OVER
        else BlockingWait.waitFor(job, ThreadState.orNull(), nanos)

    private fun interruptibly(ended: BlockingWait.Ended) {
        if (ended == BlockingWait.Ended.INTERRUPT) {
            Thread.interrupted() // the JDK's contract: the exception takes the place of the flag
            throw InterruptedException(WaitMessages.message(job.toLabel()))
        }
    }

    private fun valueOrExecutionException(): T =
        try {
            valueOrThrow()
        } catch (e: CompletionException) {
            throw Exceptions.execution(e.cause)
        }

    override fun join(): T {
        unchecked(await(BlockingWait.FOREVER))
        return valueOrThrow()
    }

    override fun join(timeout: Duration): T {
        val nanos =
            nanosOf(timeout, "timeout") {
                "${job.toLabel()} was not waited for; zero looks once, and join() waits without a limit"
            }
        val ended = await(nanos)
        if (ended == BlockingWait.Ended.TIME) throw timedOut(timeout)
        unchecked(ended)
        return valueOrThrow()
    }

    override fun joinOutcome(): Outcome<T> {
        unchecked(await(BlockingWait.FOREVER))
        job.markRead()
        return job.outcome()
    }

    private fun unchecked(ended: BlockingWait.Ended) {
        if (ended == BlockingWait.Ended.INTERRUPT) throw WaitMessages.interrupted(job.toLabel())
    }

    private fun timedOut(after: Duration) =
        TimeoutException(
            "gave up waiting for $job after ${seconds(after)}, and left it alone. ${job.wayToStop}"
        )

    // ---- stop

    override fun cancel(): Boolean = job.cancelFromUser(null)

    override fun cancel(reason: String): Boolean {
        requireArgument(reason, "reason") {
            "${job.toLabel()} was not cancelled; use cancel() if there is none"
        }
        return job.cancelFromUser(reason)
    }

    override fun cancel(mayInterrupt: Boolean): Boolean = job.cancelFromUser(null, mayInterrupt)

    override fun cancelAndJoin(reason: String): Outcome<T> {
        cancel(reason)
        return joinOutcome()
    }

    // ---- callbacks

    override fun addDoneCallback(callback: Consumer<in Future<T>>): Registration {
        requireArgument(callback, "callback") { notAdded() }
        return added(callback, job.scope.callbackExecutor)
    }

    override fun addDoneCallback(
        callback: Consumer<in Future<T>>,
        executor: Executor,
    ): Registration {
        requireArgument(callback, "callback") { notAdded() }
        requireExecutor(executor)
        return added(callback, executor)
    }

    private fun requireExecutor(executor: Executor?) =
        requireArgument(executor, "executor") {
            "${notAdded()}; leave it out for the callback executor of the scope"
        }

    private fun added(callback: Consumer<in Future<T>>, executor: Executor): Registration {
        val captured = job.scope.propagators?.capture { notAdded() }
        val added = if (captured == null) callback else CallbackWithContext(captured, callback)
        return job.callbacks().add(added, executor)
    }

    private fun notAdded() = "no callback was added to ${job.toLabel()}"

    override fun removeDoneCallback(callback: Consumer<in Future<T>>): Int {
        requireArgument(callback, "callback") { "none was removed from ${job.toLabel()}" }
        return job.callbacksOrNull()?.remove(callback) ?: 0
    }

    override fun onSuccess(action: Consumer<in T>): Future<T> =
        onSuccess(action, job.scope.callbackExecutor)

    override fun onSuccess(action: Consumer<in T>, executor: Executor): Future<T> {
        requireArgument(action, "action") { notAdded() }
        requireExecutor(executor)
        added(OnSuccess(action), executor)
        return this
    }

    override fun onFailure(action: Consumer<in Throwable>): Future<T> =
        onFailure(action, job.scope.callbackExecutor)

    override fun onFailure(action: Consumer<in Throwable>, executor: Executor): Future<T> {
        requireArgument(action, "action") { notAdded() }
        requireExecutor(executor)
        added(OnFailure(action), executor)
        return this
    }

    // ---- derive

    override fun <R> map(function: ThrowingFunction<in T, out R>): Future<R> {
        requireArgument(function, "function") { notDerived() }
        return MapJob<T, R>(job, function).begin()
    }

    override fun <R> flatMap(function: ThrowingFunction<in T, out Future<out R>>): Future<R> {
        requireArgument(function, "function") { notDerived() }
        return FlatMapJob<T, R>(job, function).begin()
    }

    override fun recover(function: ThrowingFunction<in Throwable, out T>): Future<T> {
        requireArgument(function, "function") { notDerived() }
        return RecoverJob(job, function).begin()
    }

    private fun notDerived() = notDerived(job)

    override fun orTimeout(timeout: Duration): Future<T> {
        positive(timeout, "timeout") { "${notDerived()}; give at least 1 ms" }
        return TimeoutJob(job, timeout, null).begin()
    }

    override fun completeOnTimeout(value: T, timeout: Duration): Future<T> {
        positive(timeout, "timeout") { "${notDerived()}; give at least 1 ms" }
        return TimeoutJob(job, timeout, TimeoutJob.Instead(value)).begin()
    }

    override fun shield(): Future<T> = if (job.isDone) this else ShieldJob(job).begin()

    override fun named(name: String): Future<T> {
        checkName(name)
        job.rename(name)
        return this
    }

    protected fun checkName(name: String?) =
        requireName(name) { "${job.toLabel()} was not named; leave named() out to keep its name" }

    override fun toCompletableFuture(): CompletableFuture<T> = CompletableFutureView(this)

    override fun toString(): String = job.toString()
}

internal class TaskHandle<T>(job: FutureJob<T>) : FutureHandle<T>(job), Task<T> {
    override fun name(): String = job.name()

    override fun scope(): TaskScope = job.scope

    override fun named(name: String): Future<T> {
        checkName(name)
        return NamedJob(job).begin(name)
    }
}

internal class PromiseHandle<T>(job: PromiseJob<T>) : FutureHandle<T>(job), Promise<T> {
    private val promise: PromiseJob<T>
        get() = job as PromiseJob<T>

    override fun named(name: String): Promise<T> {
        super.named(name)
        return this
    }

    override fun complete(value: T): Boolean = promise.complete(value)

    override fun fail(exception: Throwable): Boolean {
        requireArgument(exception, "exception") {
            "${promise.toLabel()} did not fail; give the reason, or call cancel()"
        }
        return promise.fail(exception)
    }
}
