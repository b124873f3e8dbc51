package io.github.coro4j.test

import java.time.Duration
import java.util.concurrent.ExecutionException
import java.util.concurrent.ExecutorService
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/**
 * Runs timers one by one, while the calling thread waits. A timer may run code of the user, such as
 * a cancel hook, and if that blocks, the caller can say so.
 */
internal class ClockThread {
    @Volatile private var thread: Thread? = null
    private val executor: ExecutorService =
        ThreadPoolExecutor(0, 1, IDLE_SECONDS, TimeUnit.SECONDS, LinkedBlockingQueue()) { work ->
            Thread(work, "coro4j-test-clock").apply {
                isDaemon = true
                thread = this
            }
        }

    /** Returns what [step] returns. Throws if it takes longer than [guard]. */
    fun <T> run(guard: Duration, what: String, step: () -> T): T {
        val running = executor.submit(step)
        var wasInterrupted = false
        try {
            while (true) {
                try {
                    return running.get(guard.toMillis(), TimeUnit.MILLISECONDS)
                } catch (e: InterruptedException) {
                    wasInterrupted = true
                }
            }
        } catch (e: TimeoutException) {
            val frames = thread?.stackTrace.orEmpty().joinToString("") { "\n    at $it" }
            throw failure(
                "$what still runs after ${textOf(guard)} of real time. A cancel hook or a coroutine " +
                    "blocks the thread that moves the time. Move the blocking call into a body.$frames"
            )
        } catch (e: ExecutionException) {
            throw e.cause!!
        } finally {
            if (wasInterrupted) Thread.currentThread().interrupt()
        }
    }

    fun end() {
        executor.shutdownNow()
    }

    private companion object {
        const val IDLE_SECONDS = 1L
    }
}
