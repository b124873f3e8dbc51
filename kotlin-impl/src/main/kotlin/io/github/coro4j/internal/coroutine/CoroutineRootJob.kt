@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.FailureReport
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.StartedWork
import io.github.coro4j.internal.job.TaskListeners
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.report
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonDisposableHandle

/**
 * The parent of all coroutines of a scope that are no tasks. It is a supervisor and ends with the
 * scope. It is not in the scope's list; the scope asks it whether any of its coroutines is left.
 */
internal class CoroutineRootJob(scope: JobScope, context: CoroutineContext) :
    CoroutineJob<Unit>(scope, context) {
    private val hasStopped = AtomicBoolean()

    /** The coroutine whose end wakes the waiting threads; guarded by the lock. */
    private var watched: Job? = null

    init {
        label = scope.name()
    }

    override val kind: String
        get() = "a coroutine of scope"

    override val progress: Progress
        get() = Progress.PENDING

    override val hasBody: Boolean
        get() = false

    override val threadState: ThreadState?
        get() = null

    /** Null, because its coroutines are no task. What they start belongs to the scope alone. */
    override val started: StartedWork?
        get() = null

    override val listeners: TaskListeners?
        get() = null

    override fun couldNotInstallContext(exception: Throwable) =
        scope.report(FailureReport.Kind.PROPAGATOR_FAILED, this, exception)

    override fun couldNotRun(exception: Throwable, context: CoroutineContext) =
        scope.coroutineFailed(context, exception)

    override fun childCancelled(cause: Throwable): Boolean = false

    /** Cancels the scope, because its `CoroutineScope` was cancelled. */
    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean {
        scope.cancelFromOutside(TaskCancelledException(scope.name(), reason, origin))
        return true
    }

    /**
     * Cancels the coroutines, including any that are launched later. This also ends the job's own
     * part, so the job is complete when its coroutines are.
     */
    fun stop(cause: Throwable) {
        cancelCoroutine(cause)
        if (hasStopped.compareAndSet(false, true)) endWith(getCancellationException())
    }

    /**
     * True if no coroutine is left. If one is left, its end wakes the waiting thread, which then
     * asks again and finds the next one. Asking itself wakes no thread, because each woken thread
     * asks.
     */
    val isIdle: Boolean
        get() =
            synchronized(hasStopped) {
                while (watched == null) {
                    // A complete coroutine may stay in the list for a moment.
                    val child = children.firstOrNull { !it.isCompleted } ?: break
                    // kotlinx does not call the handler if the coroutine has ended meanwhile.
                    val handle =
                        child.invokeOnCompletion(onCancelling = false, invokeImmediately = false) {
                            ended(child)
                        }
                    if (handle !== NonDisposableHandle) watched = child
                }
                watched == null
            }

    /**
     * Handles the end of [child]. Takes the lock, so it runs after the step that watches [child].
     */
    private fun ended(child: Job) {
        synchronized(hasStopped) { if (watched === child) watched = null }
        scope.coroutineEnded()
    }
}
