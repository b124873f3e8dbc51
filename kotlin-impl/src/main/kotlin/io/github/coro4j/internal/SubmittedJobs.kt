package io.github.coro4j.internal

import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/** What was submitted to a view of a scope: a task of the scope, which the view knows too. */
internal abstract class SubmittedJob<T>(private val view: ScopeExecutor, given: Any) :
    TaskJob<T>(view) {
    /** Until it has ended, or [take]n. */
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

    /** The scope's executor threw; a body that never began cannot fail in another way. */
    val wasRefused: Boolean
        get() = isCompleted && !hasBegun && failed != null

    /** What was given, once. */
    fun take(): Any? = GIVEN.getAndSet(this, null)

    /**
     * After a cancel. Whether the body is still called, or was cancelled just before, the thread
     * that has it knows in a few instructions; unless that is this one, in a task listener.
     */
    fun neverBegan(): Boolean {
        val isMine = Runner.orNull()?.anyBody { it === this } != null
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

internal class SubmittedCallable<T>(view: ScopeExecutor, body: Callable<out T>) :
    SubmittedJob<T>(view, body) {
    @Suppress("UNCHECKED_CAST") override fun work(body: Any): T = (body as Callable<T>).call()
}

internal open class SubmittedRunnable<T>(
    view: ScopeExecutor,
    body: Runnable,
    result: T,
) : SubmittedJob<T>(view, body) {
    /** Until the end. */
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

/** Of `execute`: nobody holds its future, so nobody can read its failure. */
internal class ExecutedJob(view: ScopeExecutor, body: Runnable) :
    SubmittedRunnable<Void?>(view, body, null)

/**
 * Of `invokeAny`: ends with the first of [attempts] that has succeeded, or with null when none can
 * any more. It owns none of them.
 */
internal class FirstSuccessJob<T>(scope: ScopeImpl, attempts: List<FutureJob<T>>) :
    PromiseJob<FutureJob<T>?>(scope) {
    /** Until the end. */
    @Volatile private var attempts: List<FutureJob<T>> = attempts
    private val left = AtomicInteger(attempts.size)

    override val kind: String
        get() = "invokeAny"

    fun begin() = apply { attempts.forEach { it.watch(this) } }

    override fun sourceEnded(source: FutureJob<*>) =
        Runner.handOn(scope) {
            @Suppress("UNCHECKED_CAST")
            if (source.failed == null && source.end !is CancelledEnd)
                complete(source as FutureJob<T>)
            else if (left.decrementAndGet() == 0) complete(null)
        }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        attempts = emptyList()
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        for (attempt in attempts) if (!attempt.isCompleted) visit(attempt)
    }
}
