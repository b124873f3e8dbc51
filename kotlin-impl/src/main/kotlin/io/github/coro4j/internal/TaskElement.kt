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
        val depth: Int,
        val outer: WorkJob<*>?,
        val since: Long,
        val steps: Any?,
        val wasInterrupted: Boolean,
        val installed: Carriers.Installed?,
    )

    override fun updateThreadContext(context: CoroutineContext): Part {
        val runner = Runner.here()
        val since = runner.since
        val steps = runner.putAside()
        val depth = runner.depth
        val outer = runner.enter(job)
        if (isOwn(context)) (job as? SuspendJob<*>)?.runner = runner
        val installed = carriers?.let(::install)
        return Part(runner, depth, outer, since, steps, runner.thread.isInterrupted, installed)
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
        // R5. Other dispatchers' threads are not ours to clean, but of what we have done.
        val isToClear = runner.flagIsOurs || context[ContinuationInterceptor] is ScopeDispatcher
        if (!oldState.wasInterrupted && isToClear) Thread.interrupted()
        runner.flagIsOurs = false
    }

    override fun copyForChild(): TaskElement {
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

/** The job whose own coroutine this context is that of; null in what that has launched. */
internal fun jobOf(context: CoroutineContext): CoroutineJob<*>? =
    context[TaskElement]?.job?.takeIf { it === context[Job] }
