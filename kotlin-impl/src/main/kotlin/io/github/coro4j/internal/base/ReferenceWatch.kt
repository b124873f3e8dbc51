package io.github.coro4j.internal.base

import java.lang.ref.ReferenceQueue
import java.util.concurrent.atomic.AtomicBoolean

/** A reference to a job that acts when the job has become unreachable. */
internal interface OfUnreachable {
    fun unreachable()
}

/**
 * A queue for references of one kind, and a daemon thread that waits for the garbage collector
 * while [isNeeded]. Nothing else in the JVM tells that a job has become unreachable. The thread
 * calls [ending] before it ends.
 */
internal class ReferenceWatch(
    private val threadName: String,
    private val isNeeded: () -> Boolean,
    private val ending: () -> Unit = {},
) {
    @JvmField val queue = ReferenceQueue<Any>()
    private val watched = AtomicBoolean()

    /** Starts the thread, because the watch is needed from now on. */
    fun begin() {
        if (!watched.compareAndSet(false, true)) return
        try {
            DaemonThreads.start(threadName, ::watch)
        } catch (e: Throwable) {
            // The JVM has no thread left. The next call tries again, and no end is lost.
            watched.set(false)
        }
    }

    /** Handles what is in the queue now, without the thread. */
    fun poll() {
        while (true) act(queue.poll() ?: return)
    }

    private fun watch() {
        do {
            // Each wait has a limit, so an idle thread ends soon.
            while (isNeeded()) next()?.let(::act)
            ending()
            watched.set(false)
            // publish, then re-check: pairs with ReferenceWatch.begin, which starts no thread while
            // the flag is set
        } while (isNeeded() && watched.compareAndSet(false, true))
    }

    private fun act(reference: Any) = (reference as OfUnreachable).unreachable()

    private fun next() =
        try {
            // A listener may have left the flag set. No code interrupts this thread on purpose.
            Thread.interrupted()
            queue.remove(LINGER_MILLIS)
        } catch (e: InterruptedException) {
            null
        }

    private companion object {
        const val LINGER_MILLIS = 1_000L
    }
}
