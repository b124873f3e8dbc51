package io.github.coro4j.internal.base

import io.github.coro4j.spi.Exceptions
import java.io.InterruptedIOException
import java.net.SocketTimeoutException
import java.nio.channels.ClosedByInterruptException
import java.nio.channels.FileLockInterruptionException
import java.util.concurrent.CancellationException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** Limit, because causes can form a circle, and `getCause` can make an exception in each call. */
private const val MAX_CAUSES = 100

/** Returns whether blocked code reports by [exception] that its thread was interrupted. */
private fun isInterruption(exception: Throwable): Boolean =
    exception is InterruptedException ||
        exception is ClosedByInterruptException ||
        exception is FileLockInterruptionException ||
        (exception is InterruptedIOException && exception !is SocketTimeoutException)

/**
 * Returns whether [failure] is what user code makes of a request to stop (R7): an interruption, a
 * cancellation, or any exception around one of them. Code that cannot throw an
 * `InterruptedException` wraps it in something else.
 */
internal fun comesFromCancel(failure: Throwable): Boolean {
    var each: Throwable? = failure
    repeat(MAX_CAUSES) {
        val link = each ?: return false
        if (link is CancellationException || isInterruption(link)) return true
        each = Exceptions.cause(link)
    }
    return false
}

/** Sets the interrupt flag of the calling thread. An override of `Thread.interrupt` may throw. */
internal fun interruptSelf() {
    try {
        Thread.currentThread().interrupt()
    } catch (e: Throwable) {
        // This thread does not let its flag be set. No step of the engine depends on it.
    }
}

/** Waits until [isOver], by repeated calls of [wait]. Keeps an interrupt flag set. */
internal inline fun keepingInterrupt(isOver: () -> Boolean, wait: () -> Unit) {
    var interrupted = false
    while (!isOver()) {
        interrupted = Thread.interrupted() || interrupted
        wait()
    }
    if (interrupted) interruptSelf()
}

/** Waits until the latch has opened. Keeps an interrupt flag set. */
internal fun CountDownLatch.awaitUninterruptibly() {
    awaitUninterruptibly(Long.MAX_VALUE)
}

/** Waits likewise, but at most for [nanos]. Returns whether the latch has opened. */
internal fun CountDownLatch.awaitUninterruptibly(nanos: Long): Boolean {
    val deadline = System.nanoTime() + nanos
    var left = nanos
    keepingInterrupt({ count == 0L || left <= 0 }) {
        try {
            await(left, TimeUnit.NANOSECONDS)
        } catch (e: InterruptedException) {
            interruptSelf()
        }
        left = deadline - System.nanoTime()
    }
    return count == 0L
}
