package io.github.coro4j.internal

import java.time.Duration
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit

/**
 * All timers of the engine, on one thread, which runs nothing of the user's and ends when there has
 * been no timer for a while. A timer is some 100 bytes, where a coroutine in `delay` is 300, and
 * one that is cancelled is forgotten.
 */
internal class Timer {
    private val executor =
        ScheduledThreadPoolExecutor(1, ::newThread).apply {
            removeOnCancelPolicy = true
            // While there are timers the thread looks once in that time whether it may end.
            setKeepAliveTime(10, TimeUnit.SECONDS)
            allowCoreThreadTimeOut(true)
        }

    private fun newThread(work: Runnable) =
        Thread(work, "coro4j-timer").apply {
            contextClassLoader = Timer::class.java.classLoader
            isDaemon = true
        }

    /** Runs [action] on the timer's thread: it must be short, and run no user code. */
    fun after(duration: Duration, action: Runnable): ScheduledFuture<*> =
        executor.schedule(action, nanosOf(duration, "duration") { "" }, TimeUnit.NANOSECONDS)
}
