package io.github.coro4j.internal.job

import io.github.coro4j.TaskScope
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.ThrowingRunnable
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.BodyPhase.QUEUED
import java.util.concurrent.Callable

/** A job that Java code holds as a `Task`. */
internal abstract class TaskJob<T>(owner: JobOwner) : BodyJob<T>(owner) {
    override val kind: String
        get() = "task"

    override fun newHandle(): JobHandle<T> = scope.engine.taskOf(this)

    val hasNotBegun: Boolean
        get() = phase == NEW || phase == QUEUED

    /** Cancels the job for [reason] unless a thread has begun it, so that the reason is true. */
    fun cancelUnbegun(reason: String?): Boolean {
        if (!casPhase(QUEUED, ENDED) && !casPhase(NEW, ENDED)) return false
        markCancelling(reason, null)
        endUnbegunWith(getCancellationException())
        return true
    }
}

/**
 * Lists a new task in its scope, with the captured context of the calling thread. No other thread
 * can see the job yet, so these steps need no fence.
 */
internal inline fun <T> TaskJob<T>.listNew(consequence: () -> String): JobHandle<T> {
    val task = handleUnshared()
    scope.propagators?.let { addContextUnshared(it.capture(consequence)) }
    scope.list(this, "start a task")
    return task
}

/** Sets the name. Call it before another thread can see this job. */
internal fun <J : FutureJob<*>> J.named(name: String): J {
    label = name
    return this
}

internal open class CallableJob<T>(owner: JobOwner, body: Callable<out T>) : TaskJob<T>(owner) {
    init {
        putSlot(body)
    }

    @Suppress("UNCHECKED_CAST") override fun call(body: Any?): T = (body as Callable<T>).call()
}

/** A job without a result, so that its failure is reported at once; see [reportAtOnce]. */
internal interface Launched

internal class RunnableJob(owner: JobOwner, body: ThrowingRunnable) :
    TaskJob<Void?>(owner), Launched {
    init {
        putSlot(body)
    }

    override fun call(body: Any?): Void? {
        (body as ThrowingRunnable).run()
        return null
    }

    override fun afterCompletion(state: Any?) {
        reportAtOnce()
        super.afterCompletion(state)
    }
}

/**
 * Reports the failure of this job, which has just ended, if nothing waits for it or has a callback
 * on it, because probably no code will read it (R16). A reader that comes now takes the failure, or
 * comes after the report.
 *
 * Call this before the watchers are called, which takes them off, and before the job leaves its
 * scope, so that a thread that waits for the scope waits for the report, too.
 */
internal fun <J> J.reportAtOnce() where J : FutureJob<*>, J : Launched {
    val failure = failed
    if (failure != null && !isWatched()) failure.reportSoon()
}

/**
 * Notes that code holds this job as a `Deferred`. No watcher shows the waits of kotlinx, so the
 * failure is not reported at once.
 */
internal fun FutureJob<*>.heldAsDeferred() {
    if (this is Launched && !isDone) watch(HeldAsDeferred)
}

private object HeldAsDeferred : Waiter() {
    override fun run() = Unit
}

/** The main body of `TaskScope.run`, on the thread that called it. */
internal class MainJob<T>(scope: JobScope, body: ThrowingFunction<in TaskScope, out T>) :
    TaskJob<T>(scope) {
    init {
        putSlot(body)
    }

    @Suppress("UNCHECKED_CAST")
    override fun call(body: Any?): T = (body as ThrowingFunction<TaskScope, T>).apply(scope)

    /** False, because the run closes the scope, so a cancel reaches all that was started. */
    override val ownsStarted: Boolean
        get() = false

    fun runHere() {
        // A cancel that came first has already ended this job.
        if (casPhase(NEW, QUEUED)) ThreadState.use { runOn(it, foreignThread = true) }
    }
}
