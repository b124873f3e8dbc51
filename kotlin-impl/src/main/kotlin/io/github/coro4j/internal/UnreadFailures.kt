package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import java.lang.ref.PhantomReference
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
    @JvmField val scope: ScopeImpl,
    private val all: UnreadFailures,
) : PhantomReference<FutureJob<*>>(job, all.references.queue), OfUnreachable {
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

    override fun unreachable() = report()

    private fun forget() {
        // Nobody polls the queue while nothing is unread: there it would keep the exception.
        clear()
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
