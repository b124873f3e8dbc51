@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.scope

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.StackRoom
import io.github.coro4j.internal.base.forEachDespiteErrors
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.coroutine.reasonFrom
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.spi.Label
import io.github.coro4j.spi.ScopeSettings
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.SupervisorJob

/**
 * The cancel of a scope, which is sticky. The scope has a kotlinx `SupervisorJob`, a child of the
 * enclosing scope's, and a list of its jobs. A cancel passes down the tree of `SupervisorJob`s, and
 * each scope passes it on to its own jobs.
 */
internal abstract class ScopeCancels(
    engine: EngineServices,
    settings: ScopeSettings,
    parent: ScopeLifecycle?,
    outside: ParentCoroutineScope?,
) : ScopeFailures(engine, settings, parent, outside) {
    /** Cancelled whenever this scope is. Its exception has the reason. */
    @JvmField protected val supervisor: CompletableJob

    /**
     * The reason of the first close, or [NO_REASON]; null while the scope is open. The first caller
     * sets it before it closes the scope.
     */
    @Volatile private var closeReason: String? = null

    protected fun closesFor(reason: String?) {
        if (closeReason == null) CLOSE_REASON.compareAndSet(this, null, reason ?: NO_REASON)
    }

    init {
        // This block stays short so that the JIT compiler inlines the constructor.
        if (depth > MAX_DEPTH) throw tooDeep()
        supervisor = SupervisorJob(parent?.supervisor)
    }

    private fun tooDeep() =
        IllegalStateException(
            "${Label.of("scope", name())} cannot be opened: it would be the ${MAX_DEPTH + 1}th inside another; " +
                "start tasks in an enclosing scope instead of opening one for each level"
        )

    @get:JvmSynthetic
    override val isCancelled: Boolean
        get() = supervisor.isCancelled

    override fun cancelIfCancelled(job: FutureJob<*>) {
        if (supervisor.isCancelled) endFor(job, supervisor.getCancellationException())
    }

    override fun cancelIfEnding(job: FutureJob<*>) {
        causeOfEnd()?.let { endFor(job, it) }
    }

    @get:JvmSynthetic
    final override val isEnding: Boolean
        get() {
            var each: ScopeCancels? = this
            while (each != null) {
                if (each.supervisor.isCancelled || !each.isOpen()) return true
                if (each.outside?.isCancelled == true) return true
                each = each.parent
            }
            return false
        }

    /**
     * Returns why this scope is cancelled, or is about to be because it or a scope around it ends.
     * Returns null if it is not. The cancel of a scope around comes first (R4).
     */
    private fun causeOfEnd(): Throwable? =
        when {
            supervisor.isCancelled -> supervisor.getCancellationException()
            else ->
                outside?.cancellation()
                    ?: (parent as ScopeCancels?)?.causeOfEnd()?.let(::causeFor)
                    ?: if (isOpen()) null else causeOfClose()
        }

    private fun endFor(job: FutureJob<*>, cause: Throwable) =
        job.scopeEnded(reasonFrom(cause), originOf(cause))

    override fun cancel(reason: String) {
        requireArgument(reason, "reason") {
            "${toLabel()} was not cancelled; say why, every task will show it"
        }
        refuseGlobal("cancel")
        StackRoom.require()
        cancelBecause(reason)
    }

    fun cancelBecause(reason: String) = supervisor.cancel(TaskCancelledException(name(), reason))

    /** Cancels this scope for the reason in [cause]. */
    fun cancelFor(cause: Throwable) = supervisor.cancel(causeFor(cause))

    override fun cancelFromOutside(cause: TaskCancelledException) {
        refuseGlobal("cancel")
        StackRoom.require()
        supervisor.cancel(cause)
    }

    protected fun cancelJobs(cause: Throwable) {
        val reason = reasonFrom(cause)
        val jobs = contents.jobs()
        // Make all jobs cancelling before stopping any, here and in the inner scopes. A task that
        // ends because an inner scope ended must know of the request. An inner scope that a stopped
        // task closes must already be cancelled for this reason.
        val origin = originOf(cause)
        Cancels.markAllCancelling(jobs, reason, origin)
        contents.scopes().iterator().forEachDespiteErrors { it.cancelFor(cause) }
        contents.coroutines?.stop(cause)
        jobs.iterator().forEachDespiteErrors { it.scopeEnded(reason, origin) }
    }

    /** Cancels what is left for a close. */
    protected fun cancelToClose() {
        // Cancel again, because an error of the JVM, such as a full heap, may have ended the first
        // pass early.
        if (supervisor.isCancelled) cancelJobs(supervisor.getCancellationException())
        else supervisor.cancel(causeOfClose())
    }

    /**
     * Returns why a close cancels this scope. A task may see the cancel of the enclosing scope, and
     * close this scope, before that cancel reaches this scope. Then the reason of that cancel comes
     * first (R4).
     */
    private fun causeOfClose(): TaskCancelledException {
        val around = parent?.supervisor?.takeIf { it.isCancelled }?.getCancellationException()
        if (around != null) return causeFor(around)
        val reason = closeReason.takeUnless { it === NO_REASON } ?: "${toLabel()} was closed"
        return TaskCancelledException(name(), reason)
    }

    private fun causeFor(cause: Throwable) =
        TaskCancelledException(name(), reasonFrom(cause), originOf(cause))

    private fun originOf(cause: Throwable) = cause as? TaskCancelledException

    protected fun refuseGlobal(verb: String) {
        if (this === engine.global) {
            throw IllegalStateException(
                "the global scope cannot $verb: all code shares it. Open a scope of your own with TaskScope.open"
            )
        }
    }

    private companion object {
        /**
         * kotlinx.coroutines cancels a tree of jobs by recursion. In a test 400 levels worked, and
         * 1,000 overflowed the stack.
         */
        const val MAX_DEPTH = 128

        const val NO_REASON = ""

        val CLOSE_REASON =
            AtomicReferenceFieldUpdater.newUpdater(
                ScopeCancels::class.java,
                String::class.java,
                "closeReason",
            )
    }
}
