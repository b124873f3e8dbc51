@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.Registration
import io.github.coro4j.TimeSource
import java.time.Duration
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Delay
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The virtual time of a dispatcher of kotlinx-coroutines-test. That library is not on the class
 * path of an application, and its dispatchers are the only ones whose [Delay] has a time of its
 * own, so they are found by the names of their classes. `Delay` has no public counterpart, and the
 * current time is not part of it. `RunTestTimeTest` fails if one of the names changes.
 */
internal class SchedulerTime
private constructor(private val delay: Delay, private val context: CoroutineContext) : TimeSource {
    private val currentMillis: () -> Long = millisOf(delay) ?: MILLIS_OF_THE_MACHINE

    override fun nanoTime(): Long = TimeUnit.MILLISECONDS.toNanos(currentMillis())

    override fun schedule(delay: Duration, action: Runnable): Registration {
        val isTaken = AtomicBoolean()
        val millis = delay.plusNanos(NANOS_BELOW_A_MILLI).toMillis()
        val handle =
            this.delay.invokeOnTimeout(
                millis,
                { if (isTaken.compareAndSet(false, true)) action.run() },
                context,
            )
        return object : Registration {
            override fun remove(): Boolean {
                if (!isTaken.compareAndSet(false, true)) return false
                handle.dispose()
                return true
            }

            override fun close() {
                remove()
            }
        }
    }

    companion object {
        private const val NANOS_BELOW_A_MILLI = 999_999L

        /** Only for the ages in dumps, if the dispatcher is `Dispatchers.Main` under a test. */
        private val MILLIS_OF_THE_MACHINE = { TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) }

        /** Returns the time of the dispatcher in [context], or null if it has none of its own. */
        fun of(context: CoroutineContext): SchedulerTime? {
            val found = context[ContinuationInterceptor] ?: return null
            val dispatcher = if (found is Guarded) found.guarded else found
            if (dispatcher !is Delay || !isOfTests(dispatcher)) return null
            return SchedulerTime(dispatcher, context)
        }

        private fun millisOf(dispatcher: Any): (() -> Long)? {
            val type = typesOf(dispatcher).find { it.name == PACKAGE + "TestDispatcher" }
            val scheduler = type?.getMethod("getScheduler")?.invoke(dispatcher) ?: return null
            val currentTime = scheduler.javaClass.getMethod("getCurrentTime")
            return { currentTime.invoke(scheduler) as Long }
        }
    }
}

private const val PACKAGE = "kotlinx.coroutines.test."

private fun typesOf(dispatcher: Any) =
    generateSequence<Class<*>>(dispatcher.javaClass) { it.superclass }

/** Returns whether [interceptor] is a dispatcher of kotlinx-coroutines-test, guarded or not. */
internal fun isOfTests(interceptor: ContinuationInterceptor?): Boolean {
    val dispatcher = if (interceptor is Guarded) interceptor.guarded else interceptor
    return dispatcher != null && typesOf(dispatcher).any { it.name.startsWith(PACKAGE) }
}
