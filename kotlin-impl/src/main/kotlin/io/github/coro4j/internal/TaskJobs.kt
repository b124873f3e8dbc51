package io.github.coro4j.internal

import io.github.coro4j.TaskScope
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.ThrowingRunnable
import java.util.concurrent.Callable

/** A job that Java code holds as a `Task`. */
internal abstract class TaskJob<T>(owner: Owner) : BodyJob<T>(owner) {
    override val kind: String
        get() = "task"

    override fun newHandle(): FutureHandle<T> = TaskHandle(this)

    val hasNotBegun: Boolean
        get() = phase == NEW || phase == QUEUED

    /** Cancels the job for [reason] unless a thread has begun it, so that the reason is true. */
    fun cancelUnbegun(reason: String?): Boolean {
        if (!advance(QUEUED, ENDED) && !advance(NEW, ENDED)) return false
        ask(reason, null)
        endUnbegunWith(getCancellationException())
        return true
    }
}

/** Sets the name. Call it before another thread can see this job. */
internal fun <J : FutureJob<*>> J.named(name: String): J {
    label = name
    return this
}

internal class CallableJob<T>(scope: ScopeImpl, body: Callable<out T>) : TaskJob<T>(scope) {
    init {
        putSlot(body)
    }

    @Suppress("UNCHECKED_CAST") override fun call(body: Any?): T = (body as Callable<T>).call()
}

internal class RunnableJob(scope: ScopeImpl, body: ThrowingRunnable) : TaskJob<Void?>(scope) {
    init {
        putSlot(body)
    }

    override fun call(body: Any?): Void? {
        (body as ThrowingRunnable).run()
        return null
    }
}

/** One child of a group. It runs the body of the group for one item. */
internal class ItemJob<T>(
    private val group: OwnedGather<T, *>,
    @JvmField val index: Int,
    item: Any,
) : TaskJob<T>(group) {
    init {
        putSlot(item)
    }

    override fun call(body: Any?): T = group.apply(body!!, this)

    override fun dependencies(visit: (Awaited) -> Unit) {
        if (phase == NEW) group.holdersOfPermits(visit) else super.dependencies(visit)
    }
}

/** The main body of `TaskScope.run`, on the thread that called it. */
internal class MainJob<T>(scope: ScopeImpl, body: ThrowingFunction<in TaskScope, out T>) :
    TaskJob<T>(scope) {
    init {
        putSlot(body)
    }

    @Suppress("UNCHECKED_CAST")
    override fun call(body: Any?): T = (body as ThrowingFunction<TaskScope, T>).apply(scope)

    fun runHere() {
        // A cancel that came first has already ended this job.
        if (advance(NEW, QUEUED)) Runner.use { runOn(it, foreignThread = true) }
    }
}
