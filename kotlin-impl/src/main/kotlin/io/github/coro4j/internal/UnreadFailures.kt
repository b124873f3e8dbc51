package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import java.lang.ref.PhantomReference
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicReference

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
    @JvmField val scope: ScopeImpl,
    private val all: UnreadFailures,
    isTold: Boolean,
) : PhantomReference<FutureJob<*>>(job, all.references.queue), OfUnreachable {
    private val type = job.kind
    private val name = job.name()

    /** Null while nobody has the failure, then [READ], or a [Telling] and then [TOLD]. */
    private val state = AtomicReference<Any?>(if (isTold) TOLD else null)

    /**
     * The thread that tells the failure listener; the latch opens when the listener has returned.
     */
    private class Telling : CountDownLatch(1) {
        val thread: Thread = Thread.currentThread()
    }

    /** The failure listener knows this failure, or is about to. A reader came too late. */
    val isTold: Boolean
        get() = state.get().let { it === TOLD || it is Telling }

    /** A listener further down on this stack is being told. */
    val isBeingToldHere: Boolean
        get() = (state.get() as? Telling)?.thread === Thread.currentThread()

    fun markRead() {
        if (state.get() == null && state.compareAndSet(null, READ)) forget()
    }

    /**
     * Takes the failure for [give], which ends another job with it. In between neither job holds
     * the failure, so the scope that reports it does not close.
     */
    inline fun passOn(give: () -> Unit) {
        scope.occupants.underWay(1)
        try {
            markRead()
            give()
        } finally {
            scope.occupants.underWay(-1)
        }
    }

    /** Tells the failure listener, unless the failure was read or told. */
    fun report(): Boolean {
        val telling = Telling()
        if (!state.compareAndSet(null, telling)) return false
        clear()
        try {
            scope.report(FailureReport(FailureReport.Kind.UNREAD_FAILURE, type, name, exception))
        } finally {
            state.set(TOLD)
            // Only now: a close that finds the failure here waits for the listener (R23).
            forget()
            telling.countDown()
        }
        return true
    }

    /** Tells the failure listener, or returns when the thread that tells it has done so. */
    fun reportOrAwait() {
        if (report()) return
        val telling = state.get() as? Telling ?: return
        if (telling.thread !== Thread.currentThread()) Waiting.uninterruptibly(telling)
    }

    override fun unreachable() {
        report()
    }

    private fun forget() {
        // Nobody polls the queue while nothing is unread: there it would keep the exception.
        clear()
        scope.unread.remove(this)
        all.remove(this)
    }

    private companion object {
        val READ = Any()
        val TOLD = Any()
    }
}

/**
 * All failures that nobody has read yet, held here so that they outlive their futures and their
 * scopes. While there are any, a daemon thread waits for the garbage collector to say that a future
 * has become unreachable.
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
