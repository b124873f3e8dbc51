package io.github.coro4j.internal.time

import io.github.coro4j.internal.base.DaemonThreads
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
 * A duty may call a handler of the user that blocks, and that occupies one thread. A look on the
 * timer's thread adds threads when duties are queued and none begins. `docs/concurrency.md` has the
 * numbers.
 *
 * The caller may be a virtual thread. The queue has no lock; scheduling a look takes the timer's
 * lock for a moment.
 */
internal class Duties(
    /** Runs a duty as code of the engine. */
    private val run: (Runnable) -> Unit,
    private val after: (Long, Runnable) -> Unit,
) : Executor {
    private val queue = LinkedTransferQueue<Runnable>()
    private val threads = AtomicInteger()
    private val begun = AtomicInteger()
    private val isLooking = AtomicBoolean()

    override fun execute(command: Runnable) {
        // Returns false if no thread is idle.
        if (queue.tryTransfer(command)) return
        queue.put(command)
        // publish, then re-check: pairs with Duties.leaves
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
            // The JVM has no thread left. The duties stay queued, and the next look tries again.
            threads.decrementAndGet()
            return false
        }
    }

    private fun work() {
        do {
            val goesOn = runNext() || !leaves()
        } while (goesOn)
    }

    /** Runs the next duty. Returns false if none came for a while. */
    private fun runNext(): Boolean {
        try {
            val duty = queue.poll(DaemonThreads.lingerNanos, TimeUnit.NANOSECONDS) ?: return false
            begun.incrementAndGet()
            run(duty)
        } catch (e: InterruptedException) {
            // This was a stray interrupt. The queue has cleared the flag.
        } catch (e: Throwable) {
            report(e)
        }
        // A handler may have left the flag set.
        Thread.interrupted()
        return true
    }

    /** Reports an error of the JVM, such as a full heap. Duties throw nothing else. */
    private fun report(exception: Throwable) {
        try {
            val thread = Thread.currentThread()
            thread.uncaughtExceptionHandler.uncaughtException(thread, exception)
        } catch (e: Throwable) {
            // The thread must survive this.
        }
    }

    private fun leaves(): Boolean {
        threads.decrementAndGet()
        // publish, then re-check: pairs with Duties.execute
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
            isLooking.set(false) // The JVM has no thread for the timer: the next duty tries again.
        }
    }

    private fun look(begunBefore: Int) {
        if (queue.isEmpty()) {
            isLooking.set(false)
            // publish, then re-check: pairs with Duties.beginToLook, which does nothing while the
            // flag is set
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
