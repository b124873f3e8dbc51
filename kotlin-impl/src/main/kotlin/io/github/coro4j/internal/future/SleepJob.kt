package io.github.coro4j.internal.future

import io.github.coro4j.Future
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.time.ScopeTime
import java.time.Duration
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeUnit

/** The future of a sleep: a promise that the engine's timer completes. */
internal class SleepJob(scope: JobScope, private val time: ScopeTime) :
    PromiseJob<Void?>(scope.ownerOfStarted()), Runnable {
    @Volatile private var timer: ScheduledFuture<*>? = null

    private val startedAt = time.coarseNanos()

    val age: Long
        get() = time.nanos() - startedAt

    /** The time that is left, for dumps. */
    val nanosLeft: Long
        get() = timer?.getDelay(TimeUnit.NANOSECONDS)?.coerceAtLeast(0) ?: 0

    override val kind: String
        get() = "sleep"

    override fun newHandle(): JobHandle<Void?> = scope.engine.futureOf(this)

    fun begin(duration: Duration): Future<Void?> {
        val handle = handleUnshared()
        scope.list(this, "sleep")
        if (duration.isZero) complete(null) else schedule(duration)
        return handle
    }

    private fun schedule(duration: Duration) {
        try {
            timer = time.after(duration, this, this)
        } catch (e: Throwable) {
            // The JVM has no thread for the timer, so nothing else would end this job.
            fail(e)
        }
        // publish, then re-check: pairs with SleepJob.afterCompletion, which may have seen no timer
        if (isCompleted) forgetTimer()
    }

    /** Completes this job, because the time has passed. */
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
