package io.github.coro4j.internal

import java.time.Duration
import kotlin.time.toKotlinDuration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch

/** Timers are kotlinx delays: no thread is held, and cancelling one forgets it. */
internal object Timer {
    /** Runs [action], which must neither block nor throw, on the timer's thread. */
    fun after(duration: Duration, action: () -> Unit): Job =
        // Unconfined: the action only starts or cancels things, and needs no thread of its own.
        CoroutineScope(Dispatchers.Unconfined).launch {
            delay(duration.toKotlinDuration())
            action()
        }
}
