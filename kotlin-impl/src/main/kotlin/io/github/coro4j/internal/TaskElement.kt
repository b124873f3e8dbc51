package io.github.coro4j.internal

import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Makes a job the current one on each thread that is in one of its coroutines, and puts in place
 * there what the thread that started it carried (R27).
 *
 * kotlinx 1.11.0 (#4755) restores late what an operator such as `flowOn` has updated inside a part:
 * when the coroutine goes on, perhaps on another thread. So the end of a part puts back all that
 * was before it, and what comes on another thread than its beginning changes nothing there.
 *
 * A coroutine that is launched by another carries what the launching thread held then: kotlinx asks
 * for a copy there.
 */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class TaskElement(private val carriers: Carriers?, captured: Any?) :
    AbstractCoroutineContextElement(Key), CopyableThreadContextElement<TaskElement.Part> {
    /** Null in the root of a scope's coroutines, which get copies, and when the task has ended. */
    @Volatile private var captured: Any? = captured

    /** Set before any coroutine has this. */
    lateinit var job: CoroutineJob<*>

    /** What a thread has stopped doing for one part of a coroutine. */
    class Part(
        val runner: Runner,
        /** Made for this part: it goes with it. */
        val isMade: Boolean,
        val depth: Int,
        val outer: WorkJob<*>?,
        val coroutine: Job?,
        val since: Long,
        val steps: Any?,
        /** Null if the part goes on with one of the same job, whose flag it shares. */
        val beneath: Beneath?,
        val wasInterrupted: Boolean,
        val flagWasOurs: Boolean,
        val installed: Carriers.Installed?,
    )

    /** What stays to be done for the job beneath a part, once the part has returned. */
    enum class Beneath {
        NOTHING,
        COVERED,
        /** A cancel of it may interrupt the thread again. */
        PAUSED,
    }

    override fun updateThreadContext(context: CoroutineContext): Part {
        val found = Runner.orNull()
        val runner = found ?: Runners.add(Thread.currentThread())
        val since = runner.since
        val steps = runner.putAside()
        val depth = runner.depth
        val below = runner.current
        // As BodyJob.runOn: a cancel of the body beneath must not interrupt this part, nor does
        // this part see the flag of that body (R5).
        val beneath = if (below !== job) coverBeneath(below, runner) else null
        val flag = if (beneath != null) Thread.interrupted() else runner.thread.isInterrupted
        val coroutine = runner.coroutine
        val flagWasOurs = runner.flagIsOurs
        val outer = runner.enter(job)
        runner.coroutine = context[Job]
        runner.flagIsOurs = flagWasOurs && beneath == null
        if (isOwn(context)) (job as? SuspendJob<*>)?.runner = runner
        val installed = carriers?.let(::install)
        return Part(
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

    /** Must not throw: kotlinx would leave the coroutine half way. */
    private fun install(carriers: Carriers): Carriers.Installed? =
        try {
            captured?.let { carriers.install(it, job) }
        } catch (e: Throwable) {
            job.couldNotCarry(e)
            null
        }

    override fun restoreThreadContext(context: CoroutineContext, oldState: Part) {
        val runner = oldState.runner
        if (runner.thread !== Thread.currentThread()) return
        oldState.installed?.close()
        if (isOwn(context) && oldState.outer !== job) (job as? SuspendJob<*>)?.runner = null
        runner.leaveTo(oldState.outer, oldState.depth)
        runner.takeUp(oldState.steps)
        if (oldState.outer != null) runner.since = oldState.since
        runner.coroutine = oldState.coroutine
        restoreFlag(context, oldState)
        if (oldState.isMade) Runners.remove(runner)
    }

    /** R5. Other dispatchers' threads are not ours to clean, but of what we have done. */
    private fun restoreFlag(context: CoroutineContext, old: Part) {
        val runner = old.runner
        val outer = old.outer
        val isShared = old.beneath == null
        val isToClear =
            runner.flagIsOurs ||
                context[ContinuationInterceptor] is ScopeDispatcher ||
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
        (job as? CoroutinesJob)?.scope?.stopCoroutinesIfEnded()
        val carriers = carriers ?: return this
        val now = carriers.capture { "no coroutine was launched in ${job.toLabel()}" }
        return TaskElement(carriers, now).also { it.job = job }
    }

    override fun mergeForChild(overwritingElement: CoroutineContext.Element): CoroutineContext =
        (overwritingElement as TaskElement).copyForChild()

    fun forget() {
        captured = null
    }

    /** Of the body itself; what it has launched has a job of its own. */
    private fun isOwn(context: CoroutineContext) = context[Job] === job

    companion object Key : CoroutineContext.Key<TaskElement>
}
