package io.github.coro4j.internal.wait

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.MainJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.engine
import io.github.coro4j.internal.time.GivenLimit
import io.github.coro4j.internal.time.ScopeTime
import io.github.coro4j.spi.Turns

/** A wait for [awaited] that also ends when its [limit] has passed, by a time that is not real. */
internal class LimitedWait
private constructor(private val awaited: Awaitable, val limit: GivenLimit) : Awaitable by awaited {
    override val isOver: Boolean
        get() = awaited.isOver || limit.hasPassed

    companion object {
        /** Returns null if the code on the thread of [state] waits by real time. */
        fun of(awaited: Awaitable, state: ThreadState?, nanos: Long): LimitedWait? {
            val scope = state?.let(::scopeOfCode) ?: return null
            if (scope.time.isReal || state.isOnThreadOfCaller) return null
            return LimitedWait(awaited, GivenLimit(scope.time, nanos, state.current ?: scope))
        }
    }
}

/** True for the main body of a run, unless another body has called the run. */
private val ThreadState.isOnThreadOfCaller: Boolean
    get() = current is MainJob && depth == 0

/** Returns the time by which the calling thread waits, if it waits with a limit. */
internal fun timeOfWaitsHere(): ScopeTime =
    ThreadState.orNull()?.let(::scopeOfCode)?.time ?: engine().realTime

/** Returns the scope of the body or callback that runs on the thread of [state], or null. */
internal fun scopeOfCode(state: ThreadState): JobScope? = state.current?.scope ?: state.callbackOf

/** Returns the executor that must know when this thread waits, or null. */
internal fun turnsOf(state: ThreadState): Turns? {
    val body = state.anyBody { it.scope.executor is Turns }
    return (body?.scope?.executor ?: state.callbackOf?.callbackExecutor) as? Turns
}
