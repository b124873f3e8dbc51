@file:OptIn(ExperimentalCoroutinesApi::class, InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.ThreadStates
import io.github.coro4j.internal.job.Undispatchable
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.MainCoroutineDispatcher

/**
 * Guards a dispatcher of the user. kotlinx.coroutines expects that a dispatcher never throws. If
 * one does, the coroutine stays suspended for ever, and the resuming thread gets the exception. The
 * guard never throws. It fails the task, and the engine's pool runs the part, so that the `finally`
 * blocks of the body run (R35; ADR 3).
 *
 * [of] returns a guard that is a [Delay] or a [MainCoroutineDispatcher] if the dispatcher is one,
 * because kotlinx.coroutines looks for these types.
 */
internal open class Guard(
    private val engine: EngineServices,
    val dispatcher: CoroutineDispatcher,
    private val name: String? = null,
) {
    fun isDispatchNeeded(context: CoroutineContext): Boolean =
        try {
            dispatcher.isDispatchNeeded(context)
        } catch (e: Throwable) {
            // The next call of dispatch() on this thread sees this note and uses the pool.
            val found = ThreadState.orNull()
            val state = found ?: ThreadStates.add(Thread.currentThread())
            state.undispatchable = Undispatchable(context, e, isOnOwn = found == null)
            true
        }

    fun dispatch(context: CoroutineContext, block: Runnable) =
        dispatchBy(context, block) { dispatcher.dispatch(context, it) }

    fun dispatchYield(context: CoroutineContext, block: Runnable) {
        // Unconfined recognises this call by its context, and only notes the yield there.
        dispatchBy(context, block) { dispatcher.dispatchYield(context, it) }
    }

    private inline fun dispatchBy(
        context: CoroutineContext,
        block: Runnable,
        dispatch: (Runnable) -> Unit,
    ) {
        // A dispatcher that has refused once might also refuse, and cancel, the clean-up.
        if (context[CurrentTaskElement]?.job?.wasRefused == true) return engine.pool.execute(block)
        ThreadState.use { state ->
            val part = DispatchedPart(context, block)
            val outer = state.dispatching
            try {
                takeUndispatchable(state, context)?.let { throw it }
                state.dispatching = part
                dispatch(part)
            } catch (e: Throwable) {
                // The dispatcher ran the part on the spot and threw afterwards: nothing is lost.
                if (part.isBegun) return
                refused(context, e)
                engine.pool.execute(part)
            } finally {
                state.dispatching = outer
            }
        }
    }

    private fun takeUndispatchable(state: ThreadState, context: CoroutineContext): Throwable? {
        val noted = state.undispatchable ?: return null
        state.undispatchable = null
        if (noted.isOnOwn) ThreadStates.remove(state)
        return noted.exception.takeIf { noted.context === context }
    }

    /**
     * Returns a guarded view of the dispatcher, which prints as [name] if that is not null. The
     * user's dispatcher does not see the name, because kotlinx.coroutines 1.8 has no method that
     * passes it.
     */
    fun limitedParallelism(parallelism: Int, name: String?): CoroutineDispatcher =
        of(engine, dispatcher.limitedParallelism(parallelism), name) as CoroutineDispatcher

    override fun toString() = name ?: dispatcher.toString()

    /** Returns the guarded `immediate` of a dispatcher of the main thread. */
    fun immediate(): MainCoroutineDispatcher =
        of(engine, (dispatcher as MainCoroutineDispatcher).immediate) as MainCoroutineDispatcher

    companion object {
        /** Returns a guard for [interceptor], or [interceptor] itself if that never throws. */
        fun of(
            engine: EngineServices,
            interceptor: ContinuationInterceptor,
            name: String? = null,
        ): ContinuationInterceptor {
            if (isConfined(interceptor)) engine.hasConfinedWork = true
            return when {
                interceptor is ScopeDispatcher || interceptor is Guarded -> interceptor
                interceptor === Dispatchers.Default ||
                    interceptor === Dispatchers.IO ||
                    interceptor === Dispatchers.Unconfined -> interceptor
                interceptor is MainCoroutineDispatcher ->
                    if (interceptor is Delay)
                        GuardedDelayingMain(DelayGuard(engine, interceptor, interceptor, name))
                    else GuardedMain(Guard(engine, interceptor, name))
                interceptor is CoroutineDispatcher ->
                    if (interceptor is Delay)
                        GuardedDelaying(DelayGuard(engine, interceptor, interceptor, name))
                    else GuardedDispatcher(Guard(engine, interceptor, name))
                else -> GuardedInterceptor(engine, interceptor)
            }
        }
    }
}

/** Guards a dispatcher that is also a [Delay]. */
private class DelayGuard(
    engine: EngineServices,
    dispatcher: CoroutineDispatcher,
    private val delay: Delay,
    name: String?,
) : Guard(engine, dispatcher, name), Delay by delay {
    /**
     * Schedules a delay. If the timer refuses it, the task fails, and the cancel of the task ends
     * the delay.
     */
    override fun scheduleResumeAfterDelay(
        timeMillis: Long,
        continuation: CancellableContinuation<Unit>,
    ) = ThreadState.use { state ->
        val outer = state.dispatching
        val part = DispatchedPart(continuation.context) {}
        state.dispatching = part
        try {
            delay.scheduleResumeAfterDelay(timeMillis, continuation)
        } catch (e: Throwable) {
            refused(continuation.context, e)
        } finally {
            state.dispatching = outer
            part.run() // checks whether the dispatcher refused by cancelling the coroutine
        }
    }
}

/** Replaces an interceptor of the user in the context of a task. */
internal interface Guarded {
    val guarded: ContinuationInterceptor
}

/**
 * Replaces a dispatcher. This class and [GuardedMain] forward the same members to a [Guard],
 * because kotlinx.coroutines declares these members in classes, and a class has only one
 * superclass.
 */
private open class GuardedDispatcher(private val guard: Guard) : CoroutineDispatcher(), Guarded {
    final override val guarded: CoroutineDispatcher
        get() = guard.dispatcher

    final override fun isDispatchNeeded(context: CoroutineContext) = guard.isDispatchNeeded(context)

    final override fun dispatch(context: CoroutineContext, block: Runnable) =
        guard.dispatch(context, block)

    final override fun dispatchYield(context: CoroutineContext, block: Runnable) =
        guard.dispatchYield(context, block)

    final override fun limitedParallelism(parallelism: Int) =
        guard.limitedParallelism(parallelism, null)

    /**
     * Overrides the method that kotlinx.coroutines has from 1.9 on. This is not compiled against
     * that version, so the override is by name and types.
     */
    fun limitedParallelism(parallelism: Int, name: String?): CoroutineDispatcher =
        guard.limitedParallelism(parallelism, name)

    final override fun equals(other: Any?) = isSameGuarded(this, other)

    final override fun hashCode() = guarded.hashCode()

    final override fun toString() = guard.toString()
}

private class GuardedDelaying(guard: DelayGuard) : GuardedDispatcher(guard), Delay by guard

/** Replaces a dispatcher of the main thread; see [GuardedDispatcher]. */
private open class GuardedMain(private val guard: Guard) : MainCoroutineDispatcher(), Guarded {
    final override val immediate: MainCoroutineDispatcher
        get() = guard.immediate()

    final override val guarded: CoroutineDispatcher
        get() = guard.dispatcher

    final override fun isDispatchNeeded(context: CoroutineContext) = guard.isDispatchNeeded(context)

    final override fun dispatch(context: CoroutineContext, block: Runnable) =
        guard.dispatch(context, block)

    final override fun dispatchYield(context: CoroutineContext, block: Runnable) =
        guard.dispatchYield(context, block)

    final override fun limitedParallelism(parallelism: Int) =
        guard.limitedParallelism(parallelism, null)

    /** Overrides the method that kotlinx.coroutines has from 1.9 on; see [GuardedDispatcher]. */
    fun limitedParallelism(parallelism: Int, name: String?): CoroutineDispatcher =
        guard.limitedParallelism(parallelism, name)

    final override fun equals(other: Any?) = isSameGuarded(this, other)

    final override fun hashCode() = guarded.hashCode()

    final override fun toString() = guard.toString()
}

private class GuardedDelayingMain(guard: DelayGuard) : GuardedMain(guard), Delay by guard

internal fun isSameGuarded(guarded: Guarded, other: Any?): Boolean =
    other is Guarded && guarded.guarded == other.guarded
