@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import io.github.coro4j.TaskCancelledException
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonDisposableHandle

/**
 * The parent of all coroutines of a scope that are no tasks. It is a supervisor, ends with the
 * scope, and is not in the scope's list: the scope asks it whether any of its coroutines is left.
 */
internal class CoroutinesJob(scope: ScopeImpl, context: CoroutineContext) :
    CoroutineJob<Unit>(scope, context) {
    private val hasStopped = AtomicBoolean()

    /** The coroutine whose end wakes those who wait; guarded by the lock. */
    private var watched: Job? = null

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

    override fun couldNotRun(exception: Throwable, context: CoroutineContext) =
        scope.coroutineFailed(context, exception)

    override fun childCancelled(cause: Throwable): Boolean = false

    /** A cancel of the `CoroutineScope` is one of the scope. */
    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean {
        scope.cancelFromOutside(TaskCancelledException(scope.name(), reason, origin))
        return true
    }

    /**
     * Cancels its coroutines, those that are launched later too. This is the end of its own part,
     * so it is complete when they are.
     */
    fun stop(cause: Throwable) {
        cancelCoroutine(cause)
        if (hasStopped.compareAndSet(false, true)) endWith(getCancellationException())
    }

    /**
     * No coroutine is left. Where one is, whoever asks is woken by its end: it then asks again, and
     * finds the next. Asking wakes nobody, since the one who is woken asks.
     */
    val isIdle: Boolean
        get() =
            synchronized(hasStopped) {
                while (watched == null) {
                    // One that is complete may still be in the list, for a moment.
                    val child = children.firstOrNull { !it.isCompleted } ?: break
                    // Not called if it has ended meanwhile.
                    val handle =
                        child.invokeOnCompletion(onCancelling = false, invokeImmediately = false) {
                            ended(child)
                        }
                    if (handle !== NonDisposableHandle) watched = child
                }
                watched == null
            }

    /** After the lock in which it was watched. */
    private fun ended(child: Job) {
        synchronized(hasStopped) { if (watched === child) watched = null }
        scope.occupants.wake()
    }
}
