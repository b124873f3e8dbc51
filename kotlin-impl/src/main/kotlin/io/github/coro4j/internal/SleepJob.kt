package io.github.coro4j.internal

import java.time.Duration
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeUnit

/** A timer that can be waited for: a promise that the engine's timer keeps. */
internal class SleepJob(scope: ScopeImpl) : PromiseJob<Void?>(scope), Runnable {
    @Volatile private var timer: ScheduledFuture<*>? = null

    /** By the [CoarseClock]. */
    @JvmField val startedAt: Long = scope.engine.clock.nanos()

    /** For dumps. */
    val nanosLeft: Long
        get() = timer?.getDelay(TimeUnit.NANOSECONDS)?.coerceAtLeast(0) ?: 0

    override val kind: String
        get() = "sleep"

    override fun newHandle(): FutureHandle<Void?> = FutureHandle(this)

    fun begin(duration: Duration): FutureHandle<Void?> {
        val handle = handleUnshared()
        scope.list(this, "sleep")
        if (duration.isZero) complete(null) else schedule(duration)
        return handle
    }

    private fun schedule(duration: Duration) {
        try {
            timer = scope.engine.timer.after(duration, this)
        } catch (e: Throwable) {
            // No thread for the timer is to be had: nobody would ever end this.
            fail(e)
        }
        // A cancel that came before the line above saw no timer.
        if (isCompleted) forgetTimer()
    }

    /** The time has passed. */
    override fun run() {
        complete(null)
    }

    override fun afterCompletion(state: Any?) {
        forgetTimer()
        super.afterCompletion(state)
    }

    private fun forgetTimer() {
        timer?.cancel(false)
        timer = null
    }
}
