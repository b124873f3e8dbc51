package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import java.lang.ref.PhantomReference
import java.lang.ref.ReferenceQueue
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The end of a failed future, in its [FutureJob.slot], and the promise that the failure is not lost
 * (R16): it is read, or reported once. Whoever comes first wins: a reader, the close of the scope,
 * or the garbage collector.
 *
 * It holds the exception and the name, never the future: it must not keep alive what it waits for
 * to become unreachable.
 */
internal class UnreadFailure(
    job: FutureJob<*>,
    @JvmField val exception: Throwable,
    private val scope: ScopeImpl,
    private val all: UnreadFailures,
) : PhantomReference<FutureJob<*>>(job, all.queue) {
    private val type = job.kind
    private val name = job.name()
    private val settled = AtomicBoolean()

    fun markRead() {
        if (!settled.get() && settled.compareAndSet(false, true)) forget()
    }

    fun report() {
        if (settled.compareAndSet(false, true)) {
            forget()
            scope.report(FailureReport(FailureReport.Kind.UNREAD_FAILURE, type, name, exception))
        }
    }

    private fun forget() {
        scope.unread.remove(this)
        all.remove(this)
    }
}

/**
 * All failures that nobody has read yet, held here so that they outlive their futures and their
 * scopes. While there are any, a daemon thread waits for the garbage collector to say that a future
 * has become unreachable.
 */
internal class UnreadFailures {
    @JvmField val queue = ReferenceQueue<FutureJob<*>>()
    private val waiting = ConcurrentHashMap.newKeySet<UnreadFailure>()
    private val watched = AtomicBoolean()

    fun add(failure: UnreadFailure) {
        waiting.add(failure)
        if (watched.compareAndSet(false, true)) {
            try {
                Thread(this::watch, "coro4j-unread-failures")
                    .apply {
                        // Not its starter's: which failure comes first must not decide it.
                        contextClassLoader = UnreadFailures::class.java.classLoader
                        isDaemon = true
                    }
                    .start()
            } catch (e: Throwable) {
                // No thread is to be had. The scope reports when it closes, and the next failure
                // tries again; the end of this job must not be lost for it.
                watched.set(false)
            }
        }
    }

    fun remove(failure: UnreadFailure) {
        waiting.remove(failure)
    }

    private fun watch() {
        do {
            while (waiting.isNotEmpty()) {
                // The limit only bounds how long an idle thread lingers after the last failure was
                // read elsewhere.
                (nextUnreachable() as UnreadFailure?)?.report()
            }
            watched.set(false)
            // A failure that was added between the two lines above found the flag set and started
            // nobody: go on for it, unless its adder, or another's, has done so since.
        } while (waiting.isNotEmpty() && watched.compareAndSet(false, true))
    }

    private fun nextUnreachable() =
        try {
            // A listener may have left the flag set: it is nobody's interrupt of this thread.
            Thread.interrupted()
            queue.remove(LINGER_MILLIS)
        } catch (e: InterruptedException) {
            null
        }

    private companion object {
        const val LINGER_MILLIS = 1_000L
    }
}
