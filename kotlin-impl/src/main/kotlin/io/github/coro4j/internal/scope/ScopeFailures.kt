@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.scope

import io.github.coro4j.FailureListener
import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.coroutine.CurrentTaskElement
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.UnreadFailure
import io.github.coro4j.internal.job.aroundReport
import io.github.coro4j.internal.job.whenThereIsHeap
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.spi.ScopeSettings
import java.util.concurrent.ConcurrentHashMap
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.InternalCoroutinesApi

/** The failures of a scope that no code has read, and its failure listener (R16). */
internal abstract class ScopeFailures(
    engine: EngineServices,
    settings: ScopeSettings,
    parent: ScopeLifecycle?,
    outside: ParentCoroutineScope?,
) : ScopeJobs(engine, settings, parent, outside) {
    @JvmField
    protected val listener: FailureListener =
        settings.failureListener ?: parent?.listener ?: engine.failureListener

    @Volatile private var unread: MutableSet<UnreadFailure>? = null

    @Volatile
    @get:JvmSynthetic
    final override var hasReported = false
        private set

    override fun coroutineFailed(context: CoroutineContext, exception: Throwable) {
        val name = context[CoroutineName]?.name ?: "without a name"
        val report = FailureReport(FailureReport.Kind.UNREAD_FAILURE, "coroutine", name, exception)
        val element = context[CurrentTaskElement] ?: return report(report)
        element.failureContext.aroundReport(element.job) { report(report) }
    }

    override fun unread(
        job: FutureJob<*>,
        exception: Throwable,
        isReported: Boolean,
        context: FailureContext?,
    ): UnreadFailure {
        val failure = whenThereIsHeap {
            UnreadFailure(job, exception, this, engine.unread, isReported, context)
        }
        if (isReported) {
            failure.clear()
            return failure
        }
        whenThereIsHeap { engine.unread.add(failure) }
        whenThereIsHeap {
            val set =
                madeOnce(contents, { unread }) {
                    ConcurrentHashMap.newKeySet<UnreadFailure>().also { unread = it }
                }
            set.add(failure)
        }
        // publish, then re-check: pairs with ScopeFailures.reportUnread. After the scope has
        // reported, only the garbage collector leads to a report.
        if (hasReported) forget(failure)
        return failure
    }

    override fun forget(failure: UnreadFailure) {
        unread?.remove(failure)
    }

    override fun report(report: FailureReport) {
        try {
            listener.onFailure(report)
        } catch (e: Throwable) {
            DefaultFailureListener.onFailure(report)
            DefaultFailureListener.listenerFailed(name(), e)
        }
    }

    /**
     * Reports all unread failures. It waits for failures in transit from one future to another, and
     * for failures that another thread is reporting.
     *
     * A failure may go on again as soon as it has arrived. So this ends only after a pass in which
     * no transit has begun: one that began before the pass has either arrived, and is found, or is
     * counted as under way.
     */
    protected fun reportUnread() {
        while (true) {
            val begun = contents.countEverHeldOpen
            // toList() would fail, because readers remove failures at the same time.
            unread?.forEach { it.reportOrAwait() }
            if (contents.countHeldOpen != 0) BlockingWait.uninterruptibly(this)
            else if (
                unread?.all { it.isBeingReportedHere } != false &&
                    begun == contents.countEverHeldOpen
            )
                break
            else Thread.yield() // a reader has taken a failure, and is about to remove it
        }
        hasReported = true
        // publish, then re-check: pairs with ScopeFailures.unread
        unread?.forEach { it.reportOrAwait() }
    }
}
