@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import io.github.coro4j.TaskCancelledException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The parent of all coroutines of a scope that are no tasks. It is a supervisor, never ends, and is
 * not in the scope's list: the scope asks it whether any of its coroutines is left.
 */
internal class CoroutinesJob(scope: ScopeImpl, context: CoroutineContext) :
    CoroutineJob<Unit>(scope, context) {
    private val isWatched = AtomicBoolean()

    init {
        label = scope.name()
    }

    override val kind: String
        get() = "a coroutine of scope"

    override val progress: Progress
        get() = Progress.PENDING

    override val runner: Runner?
        get() = null

    override val listeners: Listeners?
        get() = null

    override fun couldNotCarry(exception: Throwable) =
        scope.report(FailureReport.Kind.CARRIER_FAILED, this, exception)

    override fun childCancelled(cause: Throwable): Boolean = false

    /** A cancel of the `CoroutineScope` is one of the scope. */
    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ): Boolean {
        scope.cancelFromOutside(TaskCancelledException(scope.name(), reason, origin))
        return true
    }

    /** Cancels its coroutines, those that are launched later too. */
    fun stop(cause: Throwable) {
        cancelCoroutine(cause)
    }

    /**
     * No coroutine is left. Where one is, whoever asks is woken by its end: it then asks again, and
     * finds the next.
     */
    val isIdle: Boolean
        get() {
            val child = children.firstOrNull() ?: return true
            if (isWatched.compareAndSet(false, true)) {
                // It has left its parent before it tells of its end.
                child.invokeOnCompletion {
                    isWatched.set(false)
                    scope.occupants.wake()
                }
            }
            return false
        }
}
