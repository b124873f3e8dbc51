package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.TaskEvent
import io.github.coro4j.TaskListener
import io.github.coro4j.internal.base.found
import java.time.Duration
import java.util.ServiceLoader
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Calls the task listeners of one scope at each step of its bodies. A scope without listeners has
 * none of these, so bodies there pay nothing.
 *
 * This knows a body from its start until [ended], and a child of a group from the first step that
 * needs it. The cancelling thread looks a body up *before* it changes the state. If the body had
 * ended by then, the state would not change any more. So the cancelling thread has found the same
 * object as the thread that ends the body. The flag of that object decides which thread reports the
 * cancel.
 */
internal class TaskListeners(private val scope: JobScope, val all: List<TaskListener>) {
    private class Steps(val startedAt: Long, val id: Long) {
        /** True from the report of the begin. */
        @Volatile var begun = false

        /** The waiting time in the report of the begin. The report of the end shows the same. */
        @Volatile var waited = 0L

        /**
         * Time at which [TaskListener.started] has returned, because the body's time excludes the
         * listener's.
         */
        @Volatile var begunAt = 0L

        /** True once [begunAt] is set. */
        @Volatile var hasBegun = false
        val isCancelReported = AtomicBoolean()
    }

    private val steps = ConcurrentHashMap<UserCodeJob<*>, Steps>()

    private fun stepsFrom(startedAt: Long) =
        Steps(startedAt, scope.engine.bodiesSeen.incrementAndGet())

    /** Notes the start of [job]. Call it before the scope shows the job; [refused] undoes it. */
    fun listed(job: FutureJob<*>) {
        if (job is UserCodeJob<*>) steps[job] = stepsFrom(scope.time.nanos())
    }

    fun refused(job: FutureJob<*>) {
        steps.remove(job)
    }

    /** Returns null for a job that was never started, or has ended. */
    private fun stepsOf(job: UserCodeJob<*>): Steps? {
        steps[job]?.let {
            return it
        }
        val group = groupOf(job) ?: return null
        // If the job has not ended when it is added here, its end comes later and removes it.
        return steps.compute(job) { _, seen ->
            seen ?: if (job.isCompleted) null else stepsFrom(group.startedAt)
        }
    }

    private fun groupOf(job: UserCodeJob<*>) = job.owner.asGroup

    /** Reports the begin, on the body's thread, just before the body. */
    fun begun(job: UserCodeJob<*>) {
        val seen = stepsOf(job) ?: return
        val now = scope.time.nanos()
        seen.waited = (now - seen.startedAt).coerceAtLeast(0)
        seen.begun = true
        report(job, TaskListener::started) { eventOf(job, seen, now, null, null, null) }
        val begunAt = scope.time.nanos()
        seen.begunAt = begunAt
        seen.hasBegun = true
        ThreadState.orNull()?.since = begunAt
    }

    /** Makes the scope wait for [ended]. Call it before other threads can see the end. */
    fun ending() = scope.holdOpen()

    /**
     * Reports the end, once, after [ending]. The thread that ends the body calls it, or the thread
     * that keeps it from beginning.
     */
    fun ended(job: UserCodeJob<*>) {
        val now = scope.time.nanos()
        try {
            val seen = steps.remove(job) ?: stepsFrom((groupOf(job) ?: return).startedAt)
            // A flatMap may not have completed, because it follows the future that its function
            // returned.
            val end = if (job.isCompleted) job.end else null
            report(job, TaskListener::ended) {
                foldEnd(
                    end,
                    { eventOf(job, seen, now, TaskEvent.End.FAILURE, it.exception, null) },
                    {
                        val reason = cancelReason(it.cancellation)
                        eventOf(job, seen, now, TaskEvent.End.CANCELLED, it.cancellation, reason)
                    },
                    { eventOf(job, seen, now, TaskEvent.End.SUCCESS, null, null) },
                )
            }
        } finally {
            scope.release()
        }
    }

    /** Requests a cancel by [mark], and reports it if it is the first request. */
    fun cancelling(job: UserCodeJob<*>, mark: () -> Boolean): Boolean {
        val seen = stepsOf(job)
        return scope.holdOpen { mark().also { if (it) cancelRequested(job, seen) } }
    }

    private fun cancelRequested(job: UserCodeJob<*>, seen: Steps?) {
        if (seen == null || !seen.isCancelReported.compareAndSet(false, true)) return
        val now = scope.time.nanos()
        report(job, TaskListener::cancelRequested) {
            eventOf(job, seen, now, null, null, cancelReason(job))
        }
    }

    private fun eventOf(
        job: UserCodeJob<*>,
        seen: Steps,
        now: Long,
        end: TaskEvent.End?,
        exception: Throwable?,
        reason: String?,
    ): TaskEvent {
        val hasBegun = seen.hasBegun
        val begun = seen.begun
        val waited = if (begun) seen.waited else (now - seen.startedAt).coerceAtLeast(0)
        val ran = if (hasBegun) (now - seen.begunAt).coerceAtLeast(0) else 0
        return TaskEvent(
            job.kind,
            job.name(),
            scope.name(),
            Duration.ofNanos(waited),
            begun,
            Duration.ofNanos(ran),
            end,
            exception,
            reason,
            seen.id,
        )
    }

    private inline fun report(
        job: UserCodeJob<*>,
        step: (TaskListener, TaskEvent) -> Unit,
        event: () -> TaskEvent,
    ) {
        val made = event()
        asPartOfTheScope(job) {
            for (each in all) {
                try {
                    step(each, made)
                } catch (e: Throwable) {
                    scope.report(FailureReport.Kind.LISTENER_FAILED, job, e)
                }
            }
        }
    }

    /**
     * Runs user code on a stack that may be in the middle of a step of the engine. The code is part
     * of the scope, as a callback is, so a listener that waits for the scope gets an error. Inside
     * the body itself that is the case already.
     */
    private inline fun asPartOfTheScope(job: UserCodeJob<*>, code: () -> Unit) {
        ThreadState.use { asPartOfTheScope(it, job, code) }
    }

    private inline fun asPartOfTheScope(
        state: ThreadState,
        job: UserCodeJob<*>,
        code: () -> Unit,
    ) {
        if (state.current === job) return state.suspendWhile(code)
        val outerScope = state.callbackOf
        val outerIsListener = state.callbackIsListener
        val outer = state.enterCallback(scope)
        try {
            state.callbackIsListener = true
            state.suspendWhile(code)
        } finally {
            state.leave(outer)
            state.callbackOf = outerScope
            state.callbackIsListener = outerIsListener
        }
    }

    companion object {
        /**
         * Returns the listeners of a scope: its [own], or those of [around], or null if there are
         * none.
         */
        fun of(
            scope: JobScope,
            own: TaskListener?,
            around: TaskListeners?,
            found: List<TaskListener>,
        ): TaskListeners? {
            val all = if (own != null) listOf(own) else around?.all ?: found
            return if (all.isEmpty()) null else TaskListeners(scope, all)
        }

        /** Finds the listeners that the application provides as services. */
        fun find(): List<TaskListener> {
            // R8 on Android can follow only this exact form of the call.
            val services =
                ServiceLoader.load(TaskListener::class.java, TaskListener::class.java.classLoader)
                    .iterator()
            return found(services, "task listener")
        }
    }
}
