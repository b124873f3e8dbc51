package io.github.coro4j.internal

import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement

/**
 * Makes a job the current one on each thread that is in one of its coroutines. kotlinx may end the
 * parts that run on one thread in another order than that of a stack, so each puts back what it has
 * found.
 */
internal class TaskElement :
    AbstractCoroutineContextElement(Key), ThreadContextElement<TaskElement.Part> {
    /** Set before any coroutine has this. */
    lateinit var job: CoroutineJob<*>

    /** What a thread has stopped doing for one part of a coroutine. */
    class Part(
        val runner: Runner,
        val outer: WorkJob<*>?,
        val since: Long,
        val steps: Any?,
        val wasInterrupted: Boolean,
    )

    override fun updateThreadContext(context: CoroutineContext): Part {
        val runner = Runner.here()
        val since = runner.since
        val steps = runner.putAside()
        val outer = runner.enterPart(job)
        if (isOwn(context)) (job as? SuspendJob<*>)?.runner = runner
        return Part(runner, outer, since, steps, runner.thread.isInterrupted)
    }

    override fun restoreThreadContext(context: CoroutineContext, oldState: Part) {
        val runner = oldState.runner
        if (isOwn(context)) (job as? SuspendJob<*>)?.runner = null
        runner.leavePart(oldState.outer)
        runner.takeUp(oldState.steps)
        if (oldState.outer != null) runner.since = oldState.since
        // R5. Other dispatchers' threads are not ours to clean.
        if (!oldState.wasInterrupted && context[ContinuationInterceptor] is ScopeDispatcher)
            Thread.interrupted()
    }

    /** Of the body itself; what it has launched has a job of its own. */
    private fun isOwn(context: CoroutineContext) = context[Job] === job

    companion object Key : CoroutineContext.Key<TaskElement>
}

/** The job whose own coroutine this context is that of; null in what that has launched. */
internal fun jobOf(context: CoroutineContext): CoroutineJob<*>? =
    context[TaskElement]?.job?.takeIf { it === context[Job] }
