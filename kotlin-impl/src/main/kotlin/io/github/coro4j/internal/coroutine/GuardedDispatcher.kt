@file:OptIn(ExperimentalCoroutinesApi::class, InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.ThreadStates
import io.github.coro4j.internal.job.Undispatchable
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
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

    fun limitedParallelism(parallelism: Int, name: String?): CoroutineDispatcher =
        of(engine, dispatcher.limitedParallelism(parallelism, name)) as CoroutineDispatcher

    /** Returns the guarded `immediate` of a dispatcher of the main thread. */
    fun immediate(): MainCoroutineDispatcher =
        of(engine, (dispatcher as MainCoroutineDispatcher).immediate) as MainCoroutineDispatcher

    companion object {
        /** Returns a guard for [interceptor], or [interceptor] itself if that never throws. */
        fun of(
            engine: EngineServices,
            interceptor: ContinuationInterceptor,
        ): ContinuationInterceptor =
            when {
                interceptor is ScopeDispatcher || interceptor is Guarded -> interceptor
                interceptor === Dispatchers.Default ||
                    interceptor === Dispatchers.IO ||
                    interceptor === Dispatchers.Unconfined -> interceptor
                interceptor is MainCoroutineDispatcher ->
                    if (interceptor is Delay)
                        GuardedDelayingMain(DelayGuard(engine, interceptor, interceptor))
                    else GuardedMain(Guard(engine, interceptor))
                interceptor is CoroutineDispatcher ->
                    if (interceptor is Delay)
                        GuardedDelaying(DelayGuard(engine, interceptor, interceptor))
                    else GuardedDispatcher(Guard(engine, interceptor))
                else -> GuardedInterceptor(engine, interceptor)
            }
    }
}

/** Guards a dispatcher that is also a [Delay]. */
private class DelayGuard(
    engine: EngineServices,
    dispatcher: CoroutineDispatcher,
    private val delay: Delay,
) : Guard(engine, dispatcher), Delay by delay {
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

    final override fun limitedParallelism(parallelism: Int, name: String?) =
        guard.limitedParallelism(parallelism, name)

    final override fun equals(other: Any?) = isSameGuarded(this, other)

    final override fun hashCode() = guarded.hashCode()

    final override fun toString() = guarded.toString()
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

    final override fun limitedParallelism(parallelism: Int, name: String?) =
        guard.limitedParallelism(parallelism, name)

    final override fun equals(other: Any?) = isSameGuarded(this, other)

    final override fun hashCode() = guarded.hashCode()

    final override fun toString() = guarded.toString()
}

private class GuardedDelayingMain(guard: DelayGuard) : GuardedMain(guard), Delay by guard

private fun isSameGuarded(guarded: Guarded, other: Any?): Boolean =
    other is Guarded && guarded.guarded == other.guarded

/** Guards an interceptor that is no dispatcher. It sets the current task around each part. */
private class GuardedInterceptor(
    private val engine: EngineServices,
    override val guarded: ContinuationInterceptor,
) : AbstractCoroutineContextElement(ContinuationInterceptor), ContinuationInterceptor, Guarded {
    override fun <T> interceptContinuation(continuation: Continuation<T>): Continuation<T> =
        Intercepted(continuation)

    override fun releaseInterceptedContinuation(continuation: Continuation<*>) =
        (continuation as Intercepted<*>).release()

    override fun equals(other: Any?) = isSameGuarded(this, other)

    override fun hashCode() = guarded.hashCode()

    override fun toString() = guarded.toString()

    private inner class Intercepted<T>(private val continuation: Continuation<T>) :
        Continuation<T> {
        override val context: CoroutineContext
            get() = continuation.context

        /**
         * The continuation that the user's interceptor returned, or null before the first resume.
         */
        @Volatile private var target: Continuation<T>? = null

        /** The resumption that the user's interceptor has not passed on yet, or null. */
        private val pending = AtomicReference<Result<T>?>()

        private val inner =
            object : Continuation<T> {
                override val context: CoroutineContext
                    get() = continuation.context

                override fun resumeWith(result: Result<T>) {
                    if (pending.getAndSet(null) != null) goOn(result)
                }
            }

        override fun resumeWith(result: Result<T>) {
            pending.set(result)
            try {
                val to = target ?: guarded.interceptContinuation(inner).also { target = it }
                to.resumeWith(result)
            } catch (e: Throwable) {
                // The interceptor resumed it on the spot and threw afterwards: nothing is lost.
                if (pending.getAndSet(null) == null) return
                refused(context, e)
                engine.pool.execute { goOn(ifActive(result)) }
            }
        }

        private fun ifActive(result: Result<T>): Result<T> {
            val job = context[Job]
            return if (job == null || job.isActive || result.isFailure) result
            else Result.failure(job.getCancellationException())
        }

        private fun goOn(result: Result<T>) {
            val element = context[CurrentTaskElement]
            val part = element?.updateThreadContext(context)
            try {
                continuation.resumeWith(result)
            } finally {
                if (part != null) element.restoreThreadContext(context, part)
            }
        }

        fun release() {
            try {
                target?.let(guarded::releaseInterceptedContinuation)
            } catch (e: Throwable) {
                // kotlinx calls this before it ends the coroutine, which must end all the same.
                refused(context, e)
            }
        }
    }
}
