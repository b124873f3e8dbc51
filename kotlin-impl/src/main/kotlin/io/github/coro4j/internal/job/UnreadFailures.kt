package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.CallSite
import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.base.ExitHook
import io.github.coro4j.internal.base.OfUnreachable
import io.github.coro4j.internal.base.ReferenceWatch
import io.github.coro4j.internal.base.awaitUninterruptibly
import io.github.coro4j.internal.context.PropagationUser
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
    context: FailureContext?,
) : PhantomReference<FutureJob<*>>(job, all.references.queue), OfUnreachable, PropagationUser {
    private val type = job.kind

    /** The place where the job was started, in the debug mode; null once this is of no use. */
    @Volatile private var site: CallSite? = job.site
    @Volatile @JvmField var name: String = job.name()

    /**
     * The state: while unread, the context for the report, or null if there is none. Then [READ],
     * or a [Reporting] and then [REPORTED]. So no context is kept once the failure is read or
     * reported.
     */
    private val state = AtomicReference<Any?>(if (isReported) REPORTED else context)

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

    /** The context for the report; null once the failure was read or reported. */
    val context: FailureContext?
        get() = state.get() as? FailureContext

    /** Ends the unread state [seen]. Returns false if it had ended before. */
    private fun claim(seen: Any?, next: Any): Boolean =
        (seen == null || seen is FailureContext) && state.compareAndSet(seen, next)

    fun markRead() {
        if (claim(state.get(), READ)) forget()
        // The check at the end of a test forgives a failed `launch` that the test has read.
        else if (isReported) scope.time.work?.readLater?.add(exception)
    }

    /**
     * Takes the failure, then calls [give] with its context. [give] ends another job with it. The
     * scope that reports the failure does not close while neither job holds it.
     */
    inline fun passOn(give: (FailureContext?) -> Unit) = scope.holdOpen {
        val context = context
        markRead()
        give(context)
    }

    /**
     * Reports the failure on a thread of the engine, unless a reader comes first. The scope stays
     * open until then. The failure listener runs as a callback, so that it cannot wait for the
     * scope.
     */
    fun reportSoon() {
        try {
            scope.executeHoldingOpen(scope.engine.pool) { asCallbackOf(scope) { report() } }
        } catch (e: Throwable) {
            // An error of the JVM. The failure stays unread, and is reported later.
        }
    }

    /** Reports the failure, unless it was read or reported. */
    fun report(): Boolean = report { context ->
        context.aroundReport(this) { scope.report(newReport()) }
    }

    private inline fun report(give: (FailureContext?) -> Unit): Boolean {
        val seen = state.get()
        val reporting = Reporting()
        if (!claim(seen, reporting)) return false
        clear()
        try {
            give(seen as FailureContext?)
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

    /** True if no close will ever report the failure. */
    val isOfGlobalScope: Boolean
        get() = scope === scope.engine.global

    /**
     * Reports the failure while the JVM exits, or waits a while for the thread that reports it. The
     * JVM would not wait for that thread.
     */
    fun reportAtExit() {
        if (report { DefaultFailureListener.printAtExit(newReport()) }) return
        (state.get() as? Reporting)?.awaitUninterruptibly(LONGEST_REPORT_NANOS)
    }

    private fun newReport(
        kind: FailureReport.Kind = FailureReport.Kind.UNREAD_FAILURE,
        exception: Throwable = this.exception,
    ) = FailureReport(kind, type, name, exception, site?.frame())

    override fun propagatorFailed(exception: Throwable) =
        scope.report(newReport(FailureReport.Kind.PROPAGATOR_FAILED, exception))

    private fun forget() {
        site = null
        // While nothing is unread, no thread polls the queue. There this reference would keep the
        // exception alive.
        clear()
        scope.forget(this)
        all.remove(this)
    }

    private companion object {
        const val LONGEST_REPORT_NANOS = 2_000_000_000L
        val READ = Any()
        val REPORTED = Any()
    }
}

/**
 * All unread failures. Held here they outlive their futures and their scopes. While there are any,
 * a daemon thread waits until the garbage collector reports that a future is unreachable. While the
 * global scope has any, a shutdown hook waits, too. The thread removes the hook before it ends.
 */
internal class UnreadFailures {
    private val waiting = ConcurrentHashMap.newKeySet<UnreadFailure>()
    private val hook = ExitHook("coro4j-exit", ::isNeeded, ::reportAtExit)
    val references = ReferenceWatch("coro4j-unread-failures", ::isNeeded, hook::remove)

    private fun isNeeded() = waiting.isNotEmpty()

    fun add(failure: UnreadFailure) {
        waiting.add(failure)
        references.begin()
        if (failure.isOfGlobalScope) hook.add()
    }

    private fun reportAtExit() = waiting.forEach { if (it.isOfGlobalScope) it.reportAtExit() }

    fun remove(failure: UnreadFailure) {
        waiting.remove(failure)
    }
}
