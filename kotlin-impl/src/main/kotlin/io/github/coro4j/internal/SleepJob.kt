package io.github.coro4j.internal

import java.time.Duration
import kotlin.time.toKotlinDuration
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay

/**
 * A timer: a coroutine whose whole body is a delay. Cancelling it resumes the delay, and ends it,
 * on the canceller's thread.
 */
internal class SleepJob(scope: ScopeImpl) : FutureJob<Void?>(scope, Dispatchers.Unconfined) {
    override val kind: String
        get() = "sleep"

    fun begin(duration: Duration): FutureHandle<Void?> {
        scope.list(this, "sleep")
        start(CoroutineStart.UNDISPATCHED, this) {
            delay(duration.toKotlinDuration())
            null
        }
        return handle()
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) = Unit

    override fun dependencies(visit: (Awaited) -> Unit) = Unit
}
