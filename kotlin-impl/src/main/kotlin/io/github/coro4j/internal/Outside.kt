@file:OptIn(ExperimentalCoroutinesApi::class, InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * The coroutine scope around a task scope (`asTaskScope`). Its job is told nothing while there is
 * no work here, and has one child while there is: so it waits for the work, and not for a scope
 * that is open for more. Its cancel is the scope's, and when it has ended the scope is closed.
 */
internal class Outside(val context: CoroutineContext) {
    private val job: Job? = context[Job]
    private lateinit var scope: ScopeImpl

    /** The surroundings of the enclosing scope, whose job waits for this scope too. */
    var around: Outside? = null
    private var onCancel: DisposableHandle? = null
    private var onEnd: DisposableHandle? = null

    /** The child, while there is work; written under the lock. */
    @Volatile private var hold: Hold? = null

    private val wake =
        object : Wake() {
            override fun run() = release()
        }

    /** Once, when the scope has been made. */
    fun enter(scope: ScopeImpl) {
        this.scope = scope
        val job = job ?: return
        // Told while it is being cancelled, which the public form of this call is not.
        onCancel =
            job.invokeOnCompletion(onCancelling = true, invokeImmediately = true) { cause ->
                if (cause != null) scope.cancelFromOutside(causeOf(cause))
            }
        onEnd = job.invokeOnCompletion { scope.engine.pool.execute(scope::close) }
    }

    /** The scope is closed. */
    fun leave() {
        onCancel?.dispose()
        onEnd?.dispose()
    }

    /** True once the job around this scope, or around an enclosing one, has completed. */
    val hasEnded: Boolean
        get() = job != null && job.isCompleted || around != null && around!!.hasEnded

    /**
     * Makes the job wait, because work was listed in the scope or in one inside it. Returns false
     * if the job has completed; then nothing may begin here.
     */
    fun hold(): Boolean = holdThis() && (around?.hold() ?: true)

    private fun holdThis(): Boolean {
        val job = job ?: return true
        // Listed first, then looked: of this and a release at the same time, one sees the other.
        if (hold != null) return true
        synchronized(this) {
            if (hold != null) return true
            val made = Hold(job, scope)
            // A completed job takes no child, so this decides.
            if (!made.isChild) return false
            hold = made
        }
        scope.subscribe(wake)
        return true
    }

    private fun release() {
        val held: Hold
        synchronized(this) {
            held = hold ?: return
            if (!scope.isOver) return
            hold = null
            if (!scope.isOver) {
                hold = held
                return
            }
        }
        scope.unsubscribe(wake)
        held.release()
    }

    /** A plain `Job()` would not do: a cancel of its parent ends it at once, work or no work. */
    internal class Hold(parent: Job, val scope: ScopeImpl) :
        AbstractCoroutine<Unit>(parent, initParentJob = false, active = true) {
        init {
            // Other threads see it from here on among the parent's children: [scope] is set before.
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
