@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.EngineServices
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/** Guards an interceptor that is no dispatcher. It sets the current task around each part. */
internal class GuardedInterceptor(
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
