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

/** Sets the name. Call it before another thread can see this job. */
internal fun <J : FutureJob<*>> J.named(name: String): J {
    label = name
    return this
}

internal class CallableJob<T>(scope: JobScope, body: Callable<out T>) : TaskJob<T>(scope) {
    init {
        putSlot(body)
    }

    @Suppress("UNCHECKED_CAST") override fun call(body: Any?): T = (body as Callable<T>).call()
}

internal class RunnableJob(scope: JobScope, body: ThrowingRunnable) : TaskJob<Void?>(scope) {
    init {
        putSlot(body)
    }

    override fun call(body: Any?): Void? {
        (body as ThrowingRunnable).run()
        return null
    }
}

/** The main body of `TaskScope.run`, on the thread that called it. */
internal class MainJob<T>(scope: JobScope, body: ThrowingFunction<in TaskScope, out T>) :
    TaskJob<T>(scope) {
    init {
        putSlot(body)
    }

    @Suppress("UNCHECKED_CAST")
    override fun call(body: Any?): T = (body as ThrowingFunction<TaskScope, T>).apply(scope)

    fun runHere() {
        // A cancel that came first has already ended this job.
        if (casPhase(NEW, QUEUED)) ThreadState.use { runOn(it, foreignThread = true) }
    }
}
