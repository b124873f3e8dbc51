package io.github.coro4j.internal

import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Makes a job the current one on each thread that runs one of its coroutines, and installs there
 * the context captured from the starting thread (R27).
 *
 * kotlinx 1.11.0 restores some updates late, twice or never. Late: an update by an operator such as
 * `flowOn` (#4755). Never: a part of a `withContext` whose coroutine was dispatched on the spot
 * inside it. Twice: if the interceptor is no dispatcher. So each thread keeps a stack of its open
 * parts ([PartStack]). Ending a part first ends the parts above it, each once and on its own
 * thread.
 *
 * A launched coroutine has the context of the launching thread, because kotlinx asks this element
 * for a copy.
 */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class TaskElement(private val propagators: ContextPropagators?, captured: Any?) :
    AbstractCoroutineContextElement(Key), CopyableThreadContextElement<TaskElement.Part> {
    /** Null in the root of a scope's coroutines, which get copies, and after the task's end. */
    @Volatile private var captured: Any? = captured

    /** Set before a coroutine has this element. */
    lateinit var job: CoroutineJob<*>

    /** The state of a thread before one part of a coroutine, for the restore. */
    inner class Part(
        val context: CoroutineContext,
        val runner: Runner,
        /** True if [runner] was made for this part, which then removes it. */
        val isMade: Boolean,
        val depth: Int,
        val outer: WorkJob<*>?,
        val coroutine: Job?,
        val since: Long,
        val steps: Any?,
        /** Null if the part below is of the same job, whose interrupt flag this part shares. */
        val beneath: Beneath?,
        val wasInterrupted: Boolean,
        val flagWasOurs: Boolean,
        val installed: ContextPropagators.Installed?,
    ) {
        /** The part below this one on the stack of the same thread. */
        val under = runner.part

        var isOpen = true
            private set

        /**
         * Restores the thread. Only [PartStack.endParts] calls this, once the parts above ended.
         */
        fun end() {
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
        val found = Runner.orNull()
        val runner = found ?: Runners.add(Thread.currentThread())
        val since = runner.since
        val steps = runner.putAside()
        val depth = runner.depth
        val below = runner.current
        // As in BodyJob.runOn: a cancel of the body below must not interrupt this part, and this
        // part must not see the interrupt flag of that body (R5).
        val beneath = if (below !== job) coverBeneath(below, runner) else null
        val flag = if (beneath != null) Thread.interrupted() else runner.thread.isInterrupted
        val coroutine = runner.coroutine
        val flagWasOurs = runner.flagIsOurs
        val outer = runner.enter(job)
        runner.coroutine = engineJob(context[Job])
        runner.flagIsOurs = flagWasOurs && beneath == null
        if (isOwn(context)) (job as? SuspendJob<*>)?.runsOn(runner)
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

    private fun coverBeneath(below: WorkJob<*>?, runner: Runner): Beneath =
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
        if (isOwn(part.context) && part.outer !== job) (job as? SuspendJob<*>)?.runsNoMoreOn(runner)
        runner.leaveTo(part.outer, part.depth)
        runner.takeUp(part.steps)
        if (part.outer != null) runner.since = part.since
        runner.coroutine = part.coroutine
        restoreFlag(part)
        if (part.isMade) Runners.remove(runner)
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

    override fun copyForChild(): TaskElement {
        val propagators = propagators ?: return this
        val now = propagators.capture { "no coroutine was launched in ${job.toLabel()}" }
        return TaskElement(propagators, now).also { it.job = job }
    }

    override fun mergeForChild(overwritingElement: CoroutineContext.Element): CoroutineContext =
        (overwritingElement as TaskElement).copyForChild()

    fun forget() {
        captured = null
    }

    /**
     * Returns whether [context] is that of the body itself. A launched coroutine has its own job.
     */
    private fun isOwn(context: CoroutineContext) = context[Job] === job

    companion object Key : CoroutineContext.Key<TaskElement>
}
