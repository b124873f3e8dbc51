package io.github.coro4j.internal.job

import io.github.coro4j.Registration
import io.github.coro4j.ThrowingRunnable
import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.spi.BuildInfo.seeError
import java.util.concurrent.Callable

// The calls of `Task` that concern the body on this thread.

/** Adds a hook to the body that runs on this thread. */
internal fun addCancelHook(hook: ThrowingRunnable): Registration {
    val job = ThreadState.orNull()?.current
    if (job == null || !job.hasBody)
        throw IllegalStateException(
            "no body runs on thread ${Thread.currentThread().name}, so no cancel hook was added; " +
                "call Task.onCancel in the body that the cancel must stop. ${seeError("no-current-body")}"
        )
    val captured = job.scope.propagators?.capture { "no cancel hook was added to ${job.toLabel()}" }
    return job.startedWork()?.hooks(job)?.add(hook, captured) ?: TooLate
}

/** The registration in a body that a cancel can reach no more. */
private object TooLate : Registration {
    override fun remove(): Boolean = false

    override fun close() = Unit
}

/** Runs [cleanUp] so that a cancel neither interrupts this thread nor ends a wait of it. */
internal fun <T> uncancellable(cleanUp: Callable<out T>): T {
    val state = ThreadState.orNull()
    val job = state?.current
    if (job == null || state.isUncancellable) return cleanUp.call()
    // A cancel that comes now interrupts this thread afterwards.
    val paused = job.beginHelping()
    if (!paused) job.awaitInterrupt()
    val wasInterrupted = Thread.interrupted()
    val outer = state.uncancellable
    state.uncancellable = job
    try {
        return cleanUp.call()
    } finally {
        state.uncancellable = outer
        if (wasInterrupted) interruptSelf()
        if (paused) job.endHelping()
    }
}
