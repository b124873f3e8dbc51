package io.github.coro4j.internal

import java.time.Duration
import java.util.concurrent.Executor
import kotlin.time.toKotlinDuration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch

/** Timers are kotlinx delays: no thread is held, and cancelling one forgets it. */
internal object Timer {
    /**
     * Runs [action] on [executor]. The timer's own thread, which all timers share, runs nothing of
     * ours.
     */
    fun after(duration: Duration, executor: Executor, action: () -> Unit): Job =
        CoroutineScope(Dispatchers.Unconfined).launch {
            delay(duration.toKotlinDuration())
            executor.execute(action)
        }
}
