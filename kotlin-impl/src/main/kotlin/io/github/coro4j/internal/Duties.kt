package io.github.coro4j.internal

import java.util.concurrent.Executor
import java.util.concurrent.LinkedTransferQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * Runs the duties of the engine, such as a limit that has passed, on threads that no body can
 * occupy (R33). They are platform threads on every JDK, because bodies that compute keep virtual
 * threads waiting.
 *
 * A duty is short, but it may call a handler of the user's, which may block: a handler that kotlinx
 * calls when a `Deferred` ends, a coroutine without a dispatcher, an executor. That occupies one
 * thread. When all threads are occupied and no duty begins for a while, a look adds as many threads
 * again. The more there are, the longer it waits, so that handlers which compute do not make it add
 * threads without end.
 *
 * Nothing here blocks the caller, which may be a virtual thread: the queue has no lock.
 */
internal class Duties(private val after: (Long, Runnable) -> Unit) : Executor {
    private val queue = LinkedTransferQueue<Runnable>()
    private val threads = AtomicInteger()
    private val begun = AtomicInteger()
    private val isLooking = AtomicBoolean()

    override fun execute(command: Runnable) {
        // False if no thread is idle.
        if (queue.tryTransfer(command)) return
        // Queued, then counted: pairs with leaves(), where a thread that ends does the reverse.
        queue.put(command)
        if (!addThread(USUAL)) beginToLook()
    }

    private fun addThread(most: Int): Boolean {
        while (true) {
            val seen = threads.get()
            if (seen >= most) return false
            if (threads.compareAndSet(seen, seen + 1)) break
        }
        try {
            DaemonThreads.start("coro4j-duty", ::work)
            return true
        } catch (e: Throwable) {
            // No thread is to be had. What is queued stays there, and the next look tries again.
            threads.decrementAndGet()
            return false
        }
    }

    private fun work() = Runner.use { runner ->
        runner.isOfTheEngine = true
        do {
            val goesOn = runNext() || !leaves()
        } while (goesOn)
    }

    /** False if there was nothing to run for a while. */
    private fun runNext(): Boolean {
        try {
            val duty = queue.poll(DaemonThreads.LINGER_SECONDS, TimeUnit.SECONDS) ?: return false
            begun.incrementAndGet()
            duty.run()
        } catch (e: InterruptedException) {
            // A stray interrupt. The queue has cleared the flag.
        } catch (e: Throwable) {
            report(e)
        }
        // A handler may have left the flag set.
        Thread.interrupted()
        return true
    }

    /** Duties do not throw: this is an error of the JVM, such as a full heap. */
    private fun report(exception: Throwable) {
        try {
            val thread = Thread.currentThread()
            thread.uncaughtExceptionHandler.uncaughtException(thread, exception)
        } catch (e: Throwable) {
            // The thread must outlive that.
        }
    }

    private fun leaves(): Boolean {
        threads.decrementAndGet()
        if (queue.isEmpty()) return true
        threads.incrementAndGet()
        return false
    }

    // ---- looks

    private fun beginToLook() {
        if (isLooking.compareAndSet(false, true)) lookAgain()
    }

    private fun lookAgain() {
        val begunBefore = begun.get()
        val nanos = LOOK_NANOS * (1 + threads.get() / MANY)
        try {
            after(nanos) { look(begunBefore) }
        } catch (e: Throwable) {
            isLooking.set(false) // No thread for the timer is to be had: the next duty tries again.
        }
    }

    private fun look(begunBefore: Int) {
        if (queue.isEmpty()) {
            isLooking.set(false)
            // What was queued before the line above has begun no look.
            if (!queue.isEmpty()) beginToLook()
            return
        }
        if (begun.get() == begunBefore) {
            repeat(threads.get().coerceIn(1, MANY)) { if (!queue.isEmpty()) addThread(MOST) }
        }
        lookAgain()
    }

    private companion object {
        const val USUAL = 2
        const val MANY = 16
        const val MOST = 4_096
        const val LOOK_NANOS = 5_000_000L
    }
}
