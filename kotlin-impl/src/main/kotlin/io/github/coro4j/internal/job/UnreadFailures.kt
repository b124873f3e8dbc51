package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.OfUnreachable
import io.github.coro4j.internal.base.ReferenceWatch
import io.github.coro4j.internal.base.awaitUninterruptibly
import java.lang.ref.PhantomReference
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicReference

/**
 * The end of a failed future, in its [FutureJob.slot]. It ensures that the failure is not lost
 * (R16): it is either read, or reported once. The first to claim it wins: a reader, the close of
 * the scope, or the thread that waits for the garbage collector.
 *
 * It holds the exception and the name, never the future, because it must not keep the future
 * reachable.
 */
internal class UnreadFailure(
    job: FutureJob<*>,
    @JvmField val exception: Throwable,
    @JvmField val scope: JobScope,
    private val all: UnreadFailures,
    isReported: Boolean,
) : PhantomReference<FutureJob<*>>(job, all.references.queue), OfUnreachable {
    private val type = job.kind
    @Volatile @JvmField var name: String = job.name()

    /** The state: null while unread, then [READ], or a [Reporting] and then [REPORTED]. */
    private val state = AtomicReference<Any?>(if (isReported) REPORTED else null)

    /**
     * The thread that calls the failure listener. The latch opens when the listener has returned.
     */
    private class Reporting : CountDownLatch(1) {
        val thread: Thread = Thread.currentThread()
    }

    /** True if the failure was reported, or is being reported, so that reading it is too late. */
    val isReported: Boolean
        get() = state.get().let { it === REPORTED || it is Reporting }

    /** True if a failure listener that gets this report is on the current stack. */
    val isBeingReportedHere: Boolean
        get() = (state.get() as? Reporting)?.thread === Thread.currentThread()

    fun markRead() {
        if (state.get() == null && state.compareAndSet(null, READ)) forget()
    }

    /**
     * Takes the failure, then calls [give], which ends another job with it. The scope that reports
     * the failure does not close while neither job holds it.
     */
    inline fun passOn(give: () -> Unit) = scope.holdOpen {
        markRead()
        give()
    }

    /** Reports the failure, unless it was read or reported. */
    fun report(): Boolean {
        val reporting = Reporting()
        if (!state.compareAndSet(null, reporting)) return false
        clear()
        try {
            scope.report(FailureReport(FailureReport.Kind.UNREAD_FAILURE, type, name, exception))
        } finally {
            state.set(REPORTED)
            // Forget it only now, because a close that finds it here waits for the listener (R23).
            forget()
            reporting.countDown()
        }
        return true
    }

    /** Reports the failure, or waits until the thread that reports it has done so. */
    fun reportOrAwait() {
        if (report()) return
        val reporting = state.get() as? Reporting ?: return
        if (reporting.thread !== Thread.currentThread()) reporting.awaitUninterruptibly()
    }

    override fun unreachable() {
        report()
    }

    private fun forget() {
        // While nothing is unread, no thread polls the queue. There this reference would keep the
        // exception alive.
        clear()
        scope.forget(this)
        all.remove(this)
    }

    private companion object {
        val READ = Any()
        val REPORTED = Any()
    }
}

/**
 * All unread failures. Held here they outlive their futures and their scopes. While there are any,
 * a daemon thread waits until the garbage collector reports that a future is unreachable.
 */
internal class UnreadFailures {
    private val waiting = ConcurrentHashMap.newKeySet<UnreadFailure>()
    val references = ReferenceWatch("coro4j-unread-failures") { waiting.isNotEmpty() }

    fun add(failure: UnreadFailure) {
        waiting.add(failure)
        references.begin()
    }

    fun remove(failure: UnreadFailure) {
        waiting.remove(failure)
    }
}
