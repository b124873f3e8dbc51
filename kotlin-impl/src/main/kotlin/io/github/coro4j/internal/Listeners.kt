package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskEvent
import io.github.coro4j.TaskListener
import java.time.Duration
import java.util.ServiceLoader
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Tells the listeners of one scope of the steps of its bodies. Only a scope that has listeners has
 * one of these: what it must remember of a body costs nothing where nobody listens.
 *
 * A body is known here from the moment at which it is asked to run, which for a child of a group is
 * when it first matters, and until [ended]. Whoever asks it to stop looks it up *before* the state
 * changes: had it ended by then, the state would not change any more, so what was found is the very
 * object that the end finds too, and its flag says who tells.
 */
internal class Listeners(private val scope: ScopeImpl, val all: List<TaskListener>) {
    private class Steps(val askedAt: Long, val id: Long) {
        @Volatile var begun = false
        /** What the listener was told of the begin: it is the same at the end. */
        @Volatile var waited = 0L
        /** After [TaskListener.started] has returned: what a listener takes is not the body's. */
        @Volatile var begunAt = 0L
        @Volatile var hasBegun = false
        val cancelTold = AtomicBoolean()
    }

    private val steps = ConcurrentHashMap<WorkJob<*>, Steps>()

    private fun stepsFrom(askedAt: Long) = Steps(askedAt, scope.engine.bodiesSeen.incrementAndGet())

    /** Before it can be seen in its scope; [refused] takes it back. */
    fun asked(job: FutureJob<*>) {
        if (job is WorkJob<*>) steps[job] = stepsFrom(System.nanoTime())
    }

    fun refused(job: FutureJob<*>) {
        steps.remove(job)
    }

    /** Null for what was never asked to run, or has ended. */
    private fun stepsOf(job: WorkJob<*>): Steps? {
        steps[job]?.let {
            return it
        }
        val group = groupOf(job) ?: return null
        // One that has not ended when it is put here is forgotten by its end, which comes later.
        return steps.compute(job) { _, seen ->
            seen ?: if (job.isCompleted) null else stepsFrom(group.startedAt)
        }
    }

    private fun groupOf(job: WorkJob<*>) = job.owner as? GroupJob<*, *>

    /** On the body's thread, just before the body. */
    fun begun(job: WorkJob<*>) {
        val seen = stepsOf(job) ?: return
        val now = System.nanoTime()
        seen.waited = (now - seen.askedAt).coerceAtLeast(0)
        seen.begun = true
        tell(job, TaskListener::started) { eventOf(job, seen, now, null, null, null) }
        val begunAt = System.nanoTime()
        seen.begunAt = begunAt
        seen.hasBegun = true
        Runner.orNull()?.since = begunAt
    }

    /** The scope waits for what [ended] will tell; before the end can be seen. */
    fun ending() = scope.occupants.underWay(1)

    /** Once, after [ending]; by whoever has ended the body, or seen to it that it never begins. */
    fun ended(job: WorkJob<*>) {
        val now = System.nanoTime()
        try {
            val seen = steps.remove(job) ?: stepsFrom((groupOf(job) ?: return).startedAt)
            // A flatMap goes on with the future that its function has returned.
            val end = if (job.isCompleted) job.end else null
            tell(job, TaskListener::ended) {
                when (end) {
                    is UnreadFailure ->
                        eventOf(job, seen, now, TaskEvent.End.FAILURE, end.exception, null)
                    is CancelledEnd -> {
                        val reason = (end.cancellation as? TaskCancelledException)?.reason()
                        eventOf(job, seen, now, TaskEvent.End.CANCELLED, end.cancellation, reason)
                    }
                    else -> eventOf(job, seen, now, TaskEvent.End.SUCCESS, null, null)
                }
            }
        } finally {
            scope.occupants.underWay(-1)
        }
    }

    /** Asks by [ask], and tells if it was the first to. */
    fun asking(job: WorkJob<*>, ask: () -> Boolean): Boolean {
        val seen = stepsOf(job)
        scope.occupants.underWay(1)
        try {
            if (!ask()) return false
            cancelRequested(job, seen)
            return true
        } finally {
            scope.occupants.underWay(-1)
        }
    }

    private fun cancelRequested(job: WorkJob<*>, seen: Steps?) {
        if (seen == null || !seen.cancelTold.compareAndSet(false, true)) return
        val now = System.nanoTime()
        tell(job, TaskListener::cancelRequested) {
            eventOf(job, seen, now, null, null, reasonOf(job))
        }
    }

    private fun eventOf(
        job: WorkJob<*>,
        seen: Steps,
        now: Long,
        end: TaskEvent.End?,
        exception: Throwable?,
        reason: String?,
    ): TaskEvent {
        val hasBegun = seen.hasBegun
        val begun = seen.begun
        val waited = if (begun) seen.waited else (now - seen.askedAt).coerceAtLeast(0)
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

    private inline fun tell(
        job: WorkJob<*>,
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
     * User code on a stack that may be in the middle of a step of ours. It is part of the scope, as
     * a callback is: a listener that would wait for the scope is told so instead. In the body
     * itself it is that already.
     */
    private inline fun asPartOfTheScope(job: WorkJob<*>, code: () -> Unit) {
        Runner.use { asPartOfTheScope(it, job, code) }
    }

    private inline fun asPartOfTheScope(runner: Runner, job: WorkJob<*>, code: () -> Unit) {
        if (runner.current === job) return runner.aside(code)
        val outerScope = runner.callbackOf
        val outerIsListener = runner.callbackIsListener
        val outer = runner.enterCallback(scope)
        try {
            runner.callbackIsListener = true
            runner.aside(code)
        } finally {
            runner.leave(outer)
            runner.callbackOf = outerScope
            runner.callbackIsListener = outerIsListener
        }
    }

    companion object {
        /** Of a scope that inherits [around]'s, or asks for [own]; null where nobody listens. */
        fun of(
            scope: ScopeImpl,
            own: TaskListener?,
            around: Listeners?,
            found: List<TaskListener>,
        ): Listeners? {
            val all = if (own != null) listOf(own) else around?.all ?: found
            return if (all.isEmpty()) null else Listeners(scope, all)
        }

        /** Those that the application provides as services. */
        fun find(): List<TaskListener> {
            // This exact form of the call is the one that R8 can follow on Android.
            val services =
                ServiceLoader.load(TaskListener::class.java, TaskListener::class.java.classLoader)
                    .iterator()
            return found(services, "task listener")
        }
    }
}
