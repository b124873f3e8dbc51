package io.github.coro4j.internal.wait

import io.github.coro4j.BlockingGuard
import io.github.coro4j.BlockingGuard.Answer
import io.github.coro4j.BlockingRefusedException
import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.engine
import io.github.coro4j.spi.BuildInfo.seeError

/** Asks the guard of a scope whether the calling thread may block. */
internal object GuardedWait {
    /** Throws if the guard of the scope of [awaited] refuses a wait for it of [nanos]. */
    fun ask(awaited: Awaitable, nanos: Long = BlockingWait.FOREVER) {
        ask(scopeOf(awaited), nanos) { awaited.toLabel() }
    }

    /** Asks before a call that starts something in [scope] and then waits for it. */
    inline fun ask(
        scope: JobScope,
        nanos: Long = BlockingWait.FOREVER,
        awaited: () -> String,
    ) {
        if (nanos <= 0) return
        val guard = scope.blockingGuard ?: return
        obey(guard, awaited())
    }

    fun obey(guard: BlockingGuard, label: String) {
        when (guard.answerTo(label)) {
            Answer.WARN -> warn(label)
            Answer.REFUSE ->
                throw BlockingRefusedException(
                    "thread \"${Thread.currentThread().name}\" must not block, but would wait for " +
                        "$label. $WAY_OUT ${seeError("must-not-block")}"
                )
            Answer.ALLOW -> Unit
        }
    }

    private fun warn(label: String) {
        val site = engine().blockingSites.newCallSite() ?: return
        DefaultFailureListener.warn(site) {
            "thread \"${Thread.currentThread().name}\" must not block, but waits for $label. " +
                "$WAY_OUT No later wait at this place is logged. ${seeError("must-not-block")}"
        }
    }

    private fun scopeOf(awaited: Awaitable): JobScope {
        when (awaited) {
            is JobScope -> return awaited
            is FutureJob<*> -> return awaited.scope
            is JobOwner -> return awaited.scope
        }
        // A view and the next item of a loop have no scope of their own, so use that of the future
        // they wait for.
        var found: JobScope? = null
        awaited.dependencies { if (found == null) found = scopeOf(it) }
        return found ?: engine().global
    }

    private const val WAY_OUT =
        "Add a callback instead of waiting, call closeAsync instead of close, or wait on " +
            "another thread."
}
