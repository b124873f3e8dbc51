package io.github.coro4j.internal.scope

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.job.TaskJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.isSuccess
import io.github.coro4j.internal.job.recordingSite
import io.github.coro4j.internal.job.watch
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * A task that was submitted to a view of a scope. The scope lists it, and the view knows it too.
 */
internal abstract class SubmittedJob<T>(private val view: ScopeExecutorService, given: Any) :
    TaskJob<T>(view.recordingSite()) {
    /** The submitted object; null once it was taken by [take]. */
    @Volatile @JvmField internal var given: Any? = given

    @Volatile
    var hasBegun = false
        private set

    init {
        putSlot(given)
    }

    final override fun call(body: Any?): T {
        hasBegun = true
        return work(body!!)
    }

    protected abstract fun work(body: Any): T

    /** True if the scope's executor threw. A body that never began cannot fail in another way. */
    val wasRefused: Boolean
        get() = isCompleted && !hasBegun && failed != null

    /** Takes the submitted object. Only the first caller gets it. */
    fun take(): Any? = GIVEN.getAndSet(this, null)

    /**
     * Returns whether the body never ran. Call it after a cancel. The thread that has claimed the
     * body decides within a few instructions whether it still calls the body, so this waits for it.
     * It does not wait if that thread is the current one, which is then in a task listener.
     */
    fun neverBegan(): Boolean {
        val isMine = ThreadState.orNull()?.anyBody { it === this } != null
        while (!isMine && !hasBegun && !isCompleted) Thread.yield()
        return !hasBegun && isCompleted
    }

    companion object {
        private val GIVEN =
            AtomicReferenceFieldUpdater.newUpdater(
                SubmittedJob::class.java,
                Any::class.java,
                "given",
            )

        fun asRunnable(given: Any): Runnable =
            given as? Runnable ?: FutureTask(given as Callable<*>)
    }
}

internal class SubmittedCallable<T>(view: ScopeExecutorService, body: Callable<out T>) :
    SubmittedJob<T>(view, body) {
    @Suppress("UNCHECKED_CAST") override fun work(body: Any): T = (body as Callable<T>).call()
}

internal open class SubmittedRunnable<T>(
    view: ScopeExecutorService,
    body: Runnable,
    result: T,
) : SubmittedJob<T>(view, body) {
    /** The result of the task; null after the end. */
    private var result: T? = result

    @Suppress("UNCHECKED_CAST")
    override fun work(body: Any): T {
        (body as Runnable).run()
        return result as T
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        result = null
    }
}

/** A task of `execute`. No code holds its future, so no code can read its failure. */
internal class ExecutedJob(view: ScopeExecutorService, body: Runnable) :
    SubmittedRunnable<Void?>(view, body, null)

/**
 * The future of `invokeAny`. It ends with the first of [attempts] that has succeeded, or with null
 * once none can succeed any more. It does not own the attempts.
 */
internal class FirstSuccessJob<T>(scope: JobScope, attempts: List<FutureJob<T>>) :
    PromiseJob<FutureJob<T>?>(scope) {
    /** The attempts; empty after the end. */
    @Volatile private var attempts: List<FutureJob<T>> = attempts
    private val left = AtomicInteger(attempts.size)

    override val kind: String
        get() = "invokeAny"

    fun begin() = apply { attempts.forEach { it.watch(this) } }

    override fun sourceEnded(source: FutureJob<*>) =
        ThreadState.runOrDefer(scope) {
            @Suppress("UNCHECKED_CAST")
            if (isSuccess(source.end)) complete(source as FutureJob<T>)
            else if (left.decrementAndGet() == 0) complete(null)
        }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        attempts = emptyList()
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        for (attempt in attempts) if (!attempt.isCompleted) visit(attempt)
    }
}
