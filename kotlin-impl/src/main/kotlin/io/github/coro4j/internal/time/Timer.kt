package io.github.coro4j.internal.time

import io.github.coro4j.internal.base.DaemonThreads
import io.github.coro4j.internal.base.nanosOf
import java.time.Duration
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit

/**
 * All timers of the engine, on one thread. The thread only decides when an action is due, and the
 * action runs as one of the [duties]. The thread ends when there has been no timer for a while. A
 * timer takes about 100 bytes, and a coroutine in `delay` 300. The thread drops cancelled timers.
 */
internal class Timer(runDuty: (Runnable) -> Unit) {
    private val executor =
        ScheduledThreadPoolExecutor(1) { DaemonThreads.newThread("coro4j-timer", it) }
            .apply {
                removeOnCancelPolicy = true
                // While there are timers, the thread checks once in that time whether it may end.
                setKeepAliveTime(
                    DaemonThreads.lingerNanos.coerceAtLeast(LEAST_CHECK_NANOS),
                    TimeUnit.NANOSECONDS,
                )
                allowCoreThreadTimeOut(true)
            }

    val duties =
        Duties(runDuty) { nanos, look -> executor.schedule(look, nanos, TimeUnit.NANOSECONDS) }

    /** Runs [action] as a duty when the time has passed. */
    fun after(duration: Duration, action: Runnable): ScheduledFuture<*> =
        executor.schedule(
            { duties.execute(action) },
            nanosOf(duration, "duration") { "" },
            TimeUnit.NANOSECONDS,
        )

    private companion object {
        /** A shorter time would keep the thread busy while there are timers. */
        const val LEAST_CHECK_NANOS = 1_000_000_000L
    }
}
