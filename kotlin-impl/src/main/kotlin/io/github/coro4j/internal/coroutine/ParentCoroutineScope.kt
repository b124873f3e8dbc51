@file:OptIn(ExperimentalCoroutinesApi::class, InternalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TimeSource
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * The coroutine scope around a task scope (`asTaskScope`). While the task scope has work, the job
 * of the coroutine scope has one child for it. So the job waits for the work, but not for an idle
 * scope that is open. A cancel of the job cancels the scope, and the end of the job closes it.
 */
internal class ParentCoroutineScope(val context: CoroutineContext) {
    private val job: Job? = context[Job]
    private lateinit var scope: JobScope

    /** The [ParentCoroutineScope] of the enclosing scope. Its job waits for this scope too. */
    var around: ParentCoroutineScope? = null
    private var onCancel: DisposableHandle? = null
    private var onEnd: DisposableHandle? = null

    /** The child, while there is work. Written under the lock. */
    @Volatile private var hold: Hold? = null

    /** Returns the time of the dispatcher of the coroutine scope, if it has one of its own. */
    fun timeSource(): TimeSource? = SchedulerTime.of(context)

    /** Connects the new [scope] to the job. Called once. */
    fun enter(scope: JobScope) {
        this.scope = scope
        val job = job ?: return
        // The public form of this call would run the handler only after the job has ended.
        onCancel =
            job.invokeOnCompletion(onCancelling = true, invokeImmediately = true) { cause ->
                if (cause != null) scope.cancelFromOutside(causeOf(cause))
            }
        onEnd = job.invokeOnCompletion { scope.engine.pool.execute(scope::close) }
    }

    /** Disconnects the scope, because it is closed. */
    fun leave() {
        onCancel?.dispose()
        onEnd?.dispose()
    }

    /**
     * Makes the job wait, because work was listed in the scope or in one inside it. Returns false
     * if the job has completed; then nothing may begin here.
     */
    fun hold(): Boolean = holdThis() && (around?.hold() ?: true)

    private fun holdThis(): Boolean {
        val job = job ?: return true
        // publish, then re-check: pairs with ParentCoroutineScope.takeIfOver. The caller has listed
        // the work.
        if (hold != null) return true
        val made: Hold
        synchronized(this) {
            if (hold != null) return true
            made = Hold(job, scope)
            // A completed job accepts no child.
            if (!made.isChild) return false
            hold = made
        }
        scope.subscribe(ReleaseWhenOver(made))
        return true
    }

    /** Releases [held] when the scope is over. */
    private inner class ReleaseWhenOver(private val held: Hold) : Waiter() {
        override fun run() {
            if (takeIfOver(held)) {
                scope.unsubscribe(this)
                held.release()
            }
        }
    }

    private fun takeIfOver(held: Hold): Boolean {
        synchronized(this) {
            // The look may find the last gather unreachable, and then runs this method again.
            if (hold !== held || !scope.isOver || hold !== held) return false
            hold = null
            // publish, then re-check: pairs with ParentCoroutineScope.hold
            if (!scope.isOver) {
                hold = held
                return false
            }
        }
        return true
    }

    val isCancelled: Boolean
        get() = job?.isCancelled == true

    /** Returns the cancellation of the coroutine scope, for the task scope, or null. */
    fun cancellation(): TaskCancelledException? =
        job?.takeIf { it.isCancelled }
            ?.getCancellationException()
            ?.let { cancellation ->
                // If the job has failed, the failure is the cause.
                val failure =
                    Exceptions.cause(cancellation)?.takeUnless { it is CancellationException }
                causeOf(failure ?: cancellation)
            }

    /**
     * The child of the job. A plain `Job()` would end at once with its parent's cancel, before the
     * work does.
     */
    internal class Hold(parent: Job, val scope: JobScope) :
        AbstractCoroutine<Unit>(parent, initParentJob = false, active = true) {
        init {
            // From here on other threads see it among the parent's children, so [scope] is set
            // before.
            initParentJob(parent)
        }

        val isChild: Boolean
            get() = parent != null

        fun release() = resumeWith(Result.success(Unit))
    }

    private fun causeOf(cause: Throwable) =
        when (cause) {
            is TaskCancelledException -> TaskCancelledException(scope.name(), cause.reason(), cause)
            is CancellationException ->
                TaskCancelledException(scope.name(), Exceptions.message(cause), cause)
            else ->
                TaskCancelledException(
                    scope.name(),
                    "the coroutine scope around it failed: ${cause.javaClass.name}",
                )
        }
}
