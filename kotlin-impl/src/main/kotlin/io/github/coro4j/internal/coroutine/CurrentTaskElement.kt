package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.job.OpenPart
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.ThreadStates
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.engineJob
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Makes a job the current one on each thread that runs one of its coroutines, and installs the
 * captured context there (R27).
 *
 * kotlinx 1.11.0 restores some updates late, twice or never. Late: an update by an operator such as
 * `flowOn` (#4755). Never: a part of a `withContext` whose coroutine was dispatched on the spot
 * inside it. Twice: if the interceptor is no dispatcher. So each thread keeps a stack of its open
 * parts ([PartStack]). Ending a part first ends the parts above it, each once and on its own
 * thread.
 *
 * A launched coroutine gets the context that the launching thread had then, because kotlinx asks
 * this element for a copy.
 */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class CurrentTaskElement(private val propagators: ContextPropagators?, captured: Any?) :
    AbstractCoroutineContextElement(Key), CopyableThreadContextElement<CurrentTaskElement.Part> {
    /** The captured context; null in the root of a scope's coroutines, and after the task's end. */
    @Volatile private var captured: Any? = captured

    /** The job, set before a coroutine has this element. */
    lateinit var job: CoroutineJob<*>

    /** The state of a thread before one part of a coroutine, for the restore. */
    inner class Part(
        context: CoroutineContext,
        val runner: ThreadState,
        /** True if [runner] was made for this part, which then removes it. */
        val isMade: Boolean,
        val depth: Int,
        val outer: UserCodeJob<*>?,
        val coroutine: Job?,
        val since: Long,
        val steps: Any?,
        /** Null if the part below is of the same job, whose interrupt flag this part shares. */
        val beneath: Beneath?,
        val wasInterrupted: Boolean,
        val flagWasOurs: Boolean,
        val installed: ContextPropagators.Installed?,
    ) : OpenPart(context, runner.part) {
        var isOpen = true
            private set

        override fun end() {
            isOpen = false
            restore(this)
        }
    }

    /** What the restore must do for the job below the part. */
    enum class Beneath {
        NOTHING,
        COVERED,
        /** After the restore, a cancel of that job may interrupt the thread again. */
        PAUSED,
    }

    override fun updateThreadContext(context: CoroutineContext): Part {
        val found = ThreadState.orNull()
        val runner = found ?: ThreadStates.add(Thread.currentThread())
        val since = runner.since
        val steps = runner.suspendSteps()
        val depth = runner.depth
        val below = runner.current
        // A cancel of the body below must not interrupt this part, and this part must not see the
        // interrupt flag of that body (R5). BodyJob.runOn does the same.
        val beneath = if (below !== job) coverBeneath(below, runner) else null
        val flag = if (beneath != null) Thread.interrupted() else runner.thread.isInterrupted
        val coroutine = runner.coroutine
        val flagWasOurs = runner.flagIsOurs
        val outer = runner.enter(job)
        runner.coroutine = engineJob(context[Job])
        runner.flagIsOurs = flagWasOurs && beneath == null
        if (isOwn(context)) (job as? SuspendTaskJob<*>)?.runsOn(runner)
        val installed = propagators?.let(::install)
        val part =
            Part(
                context,
                runner,
                found == null,
                depth,
                outer,
                coroutine,
                since,
                steps,
                beneath,
                flag,
                flagWasOurs,
                installed,
            )
        runner.part = part
        return part
    }

    private fun coverBeneath(below: UserCodeJob<*>?, runner: ThreadState): Beneath =
        when {
            below == null -> Beneath.NOTHING
            below is CoroutineJob<*> ->
                if (below.covered(runner)) Beneath.COVERED else Beneath.NOTHING
            below.beginHelping() -> Beneath.PAUSED
            else -> {
                below.awaitInterrupt()
                Beneath.NOTHING
            }
        }

    /** Installs what was captured. Must not throw, because kotlinx would not end the coroutine. */
    private fun install(propagators: ContextPropagators): ContextPropagators.Installed? =
        try {
            captured?.let { propagators.install(it, job) }
        } catch (e: Throwable) {
            job.couldNotInstallContext(e)
            null
        }

    override fun restoreThreadContext(context: CoroutineContext, oldState: Part) {
        val runner = oldState.runner
        // Check the thread first, because only that thread may read `isOpen`.
        if (runner.thread === Thread.currentThread() && oldState.isOpen)
            runner.endParts(oldState.under)
    }

    private fun restore(part: Part) {
        val runner = part.runner
        part.installed?.close()
        if (isOwn(part.context) && part.outer !== job)
            (job as? SuspendTaskJob<*>)?.runsNoMoreOn(runner)
        runner.leaveTo(part.outer, part.depth)
        runner.resumeSteps(part.steps)
        if (part.outer != null) runner.since = part.since
        runner.coroutine = part.coroutine
        restoreFlag(part)
        if (part.isMade) ThreadStates.remove(runner)
    }

    /**
     * Restores the interrupt flag (R5). On a thread of another dispatcher, this clears only a flag
     * that the engine set.
     */
    private fun restoreFlag(old: Part) {
        val runner = old.runner
        val outer = old.outer
        val isShared = old.beneath == null
        val isToClear =
            runner.flagIsOurs ||
                old.context[ContinuationInterceptor] is ScopeDispatcher ||
                !isShared && runner.isAtWork
        if (isToClear && !(isShared && old.wasInterrupted)) Thread.interrupted()
        runner.flagIsOurs = old.flagWasOurs
        if (isShared) return
        if (old.wasInterrupted) runner.thread.interrupt()
        when (old.beneath) {
            Beneath.COVERED -> outer!!.uncovered(runner)
            Beneath.PAUSED -> outer!!.endHelping()
            else -> Unit
        }
    }

    override fun copyForChild(): CurrentTaskElement {
        val propagators = propagators ?: return this
        val now = propagators.capture { "no coroutine was launched in ${job.toLabel()}" }
        return CurrentTaskElement(propagators, now).also { it.job = job }
    }

    override fun mergeForChild(overwritingElement: CoroutineContext.Element): CoroutineContext =
        (overwritingElement as CurrentTaskElement).copyForChild()

    fun forget() {
        captured = null
    }

    /**
     * Returns whether [context] is that of the body itself. A launched coroutine has its own job.
     */
    private fun isOwn(context: CoroutineContext) = context[Job] === job

    companion object Key : CoroutineContext.Key<CurrentTaskElement>
}
