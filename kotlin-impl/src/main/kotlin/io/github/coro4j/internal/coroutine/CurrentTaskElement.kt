package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.base.DebugMode
import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.OpenPart
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.ThreadStates
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.engineJob
import io.github.coro4j.internal.job.forgetRun
import io.github.coro4j.internal.job.noteRun
import io.github.coro4j.internal.job.restoreName
import io.github.coro4j.internal.job.showName
import io.github.coro4j.internal.time.CodeRun
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DEBUG_PROPERTY_NAME
import kotlinx.coroutines.DEBUG_PROPERTY_VALUE_AUTO
import kotlinx.coroutines.DEBUG_PROPERTY_VALUE_OFF
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
        val threadState: ThreadState,
        /** True if [threadState] was made for this part, which then removes it. */
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
        val nameBefore: String?,
        val run: CodeRun?,
    ) : OpenPart(context, threadState.part) {
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
        val state = found ?: ThreadStates.add(Thread.currentThread())
        val since = state.since
        val steps = state.suspendSteps()
        val depth = state.depth
        val below = state.current
        // A cancel of the body below must not interrupt this part, and this part must not see the
        // interrupt flag of that body (R5). BodyJob.runOn does the same.
        val beneath = if (below !== job) coverBeneath(below, state) else null
        val flag = if (beneath != null) Thread.interrupted() else state.thread.isInterrupted
        val coroutine = state.coroutine
        val flagWasOurs = state.flagIsOurs
        val outer = state.enter(job)
        state.coroutine = engineJob(context[Job])
        state.flagIsOurs = flagWasOurs && beneath == null
        if (isOwn(context)) (job as? SuspendTaskJob<*>)?.runsOn(state)
        val installed = propagators?.let(::install)
        val part =
            Part(
                context,
                state,
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
                if (NAMES_THREADS) state.showName(job) else null,
                job.scope.time.noteRun(state),
            )
        state.part = part
        return part
    }

    private fun coverBeneath(below: UserCodeJob<*>?, state: ThreadState): Beneath =
        when {
            below == null -> Beneath.NOTHING
            below is CoroutineJob<*> ->
                if (below.covered(state)) Beneath.COVERED else Beneath.NOTHING
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
        val state = oldState.threadState
        // Check the thread first, because only that thread may read `isOpen`.
        if (state.thread === Thread.currentThread() && oldState.isOpen)
            state.endParts(oldState.under)
    }

    private fun restore(part: Part) {
        val state = part.threadState
        if (part.nameBefore != null) state.restoreName(part.nameBefore)
        part.installed?.close()
        if (isOwn(part.context) && part.outer !== job)
            (job as? SuspendTaskJob<*>)?.runsNoMoreOn(state)
        state.leaveTo(part.outer, part.depth)
        state.resumeSteps(part.steps)
        if (part.outer != null) state.since = part.since
        state.coroutine = part.coroutine
        restoreFlag(part)
        part.run?.let(job.scope.time::forgetRun)
        if (part.isMade) ThreadStates.remove(state)
    }

    /**
     * Restores the interrupt flag (R5). On a thread of another dispatcher, this clears only a flag
     * that the engine set.
     */
    private fun restoreFlag(old: Part) {
        val state = old.threadState
        val outer = old.outer
        val isShared = old.beneath == null
        val isToClear =
            state.flagIsOurs ||
                old.context[ContinuationInterceptor] is ScopeDispatcher ||
                !isShared && state.isAtWork
        if (isToClear && !(isShared && old.wasInterrupted)) Thread.interrupted()
        state.flagIsOurs = old.flagWasOurs
        if (isShared) return
        if (old.wasInterrupted) state.thread.interrupt()
        when (old.beneath) {
            Beneath.COVERED -> outer!!.uncovered(state)
            Beneath.PAUSED -> outer!!.endHelping()
            else -> Unit
        }
    }

    override fun copyForChild(): CurrentTaskElement {
        (job as? SuspendTaskJob<*>)?.launches()
        val propagators = propagators ?: return this
        val now = propagators.capture { "no coroutine was launched in ${job.toLabel()}" }
        return CurrentTaskElement(propagators, now).also { it.job = job }
    }

    override fun mergeForChild(overwritingElement: CoroutineContext.Element): CoroutineContext =
        (overwritingElement as CurrentTaskElement).copyForChild()

    /** The context for the report of a failure, or null after [forget]. */
    val failureContext: FailureContext?
        get() = FailureContext.of(propagators, captured)

    fun forget() {
        captured = null
    }

    /**
     * Returns whether [context] is that of the body itself. A launched coroutine has its own job.
     */
    private fun isOwn(context: CoroutineContext) = context[Job] === job

    companion object Key : CoroutineContext.Key<CurrentTaskElement> {
        /** True in the debug mode, unless that of kotlinx.coroutines already names the threads. */
        private val NAMES_THREADS =
            DebugMode.isOn &&
                when (System.getProperty(DEBUG_PROPERTY_NAME)) {
                    null,
                    DEBUG_PROPERTY_VALUE_AUTO -> !Job::class.java.desiredAssertionStatus()
                    DEBUG_PROPERTY_VALUE_OFF -> true
                    else -> false
                }
    }
}
