package io.github.coro4j.internal.scope

import io.github.coro4j.DeadlockException
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.spi.BuildInfo.seeError

/**
 * The future of `closeAsync`. It belongs to the scope around the one that closes. That scope's
 * close waits for its callbacks.
 */
internal class CloseJob(owner: JobScope, scope: ScopeLifecycle) : PromiseJob<Void?>(owner) {
    /** The scope that closes; null once its close has finished, so that it can be collected. */
    @Volatile private var closing: ScopeLifecycle? = scope

    init {
        label = scope.name()
    }

    override val kind: String
        get() = "close"

    override val wayToStop: String
        get() = "The close goes on, and a dump of the scope shows what it waits for"

    override fun newHandle(): JobHandle<Void?> = scope.engine.futureOf(this)

    /** Completes this future, because the close has finished. */
    fun closed() {
        complete(null)
        closing = null
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        closing?.let(visit)
    }

    /**
     * Throws if the thread runs a task, a callback or a failure listener that the close waits for.
     * The search for circles finds only tasks, and passes over those that the close has cancelled.
     */
    override fun refuseFromInside() {
        val scope = closing ?: return
        val inside = scope.insideCloseHere() ?: return
        throw DeadlockException(
            "$inside cannot wait for ${toLabel()}: that would close the circle $inside -> " +
                "${toLabel()} -> ${scope.toLabel()} -> $inside, and the wait on thread " +
                "${Thread.currentThread().name} could never end. Return instead " +
                "of waiting, or add a callback. ${seeError("deadlock")}",
            listOf(inside, name(), scope.name()),
        )
    }
}
