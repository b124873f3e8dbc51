@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BlockingCoroutineWait
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.above
import io.github.coro4j.internal.job.around
import io.github.coro4j.internal.job.engineJob
import io.github.coro4j.internal.job.isTimeout
import io.github.coro4j.internal.wait.DeadlockDetector
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * A wait of one coroutine, for the search for circles. It is published in the task or scope that
 * cannot end before that coroutine has.
 */
internal class CoroutineWait(
    private val blocked: CoroutineJob<*>,
    /** The coroutine that waits: [blocked] itself, or one below it. */
    private val coroutine: Job,
    val awaited: Awaitable,
    /** True if a cancel of the coroutine does not end the wait. */
    val mustWait: Boolean,
    /** True if the wait holds a thread. Then only a cancel of [blocked] ends it. */
    private val holdsThread: Boolean,
) : BlockingCoroutineWait {
    /** False once a cancel has ended the wait. */
    val isOpen: Boolean
        get() = mustWait || !blocked.isCancelled && (holdsThread || !coroutine.isCancelled)

    override fun begin() {
        if (mustWait) blocked.scope.engine.mustWaits.incrementAndGet()
        blocked.waitBegins(this)
    }

    override fun end() {
        blocked.waitEnds(this)
        if (mustWait) blocked.scope.engine.mustWaits.decrementAndGet()
    }

    /** Returns whether [other] cannot end before this wait has. */
    override fun isBlocked(other: Awaitable): Boolean =
        other === blocked || other is DeferredJob<*> && other.deferred?.let(::isInside) == true

    fun isInside(job: Job): Boolean {
        var each: Job? = coroutine
        while (each != null && each !== blocked) {
            if (each === job) return true
            each = around(each)
        }
        return false
    }

    /** Throws if this wait closes a circle. Call [begin] first. */
    fun refuseCircle() {
        // A wait that a cancel ends throws the cancellation at once.
        if (!isOpen) return
        DeadlockDetector.refuse(blocked, awaited, mustWait, where = "") { isBlocked(it) }
    }
}

/**
 * Returns the wait of the coroutine with this [context], or null if the wait is part of no circle:
 * no task waits for that coroutine, or a timeout of kotlinx.coroutines ends the wait.
 */
internal fun suspendedWait(
    context: CoroutineContext,
    awaited: Awaitable,
    mustWait: Boolean,
): CoroutineWait? {
    val blocked = context[CurrentTaskElement]?.job ?: return null
    val coroutine = engineJob(context[Job]) ?: return null
    var isShielded = mustWait
    var each: Job = coroutine
    while (each !== blocked) {
        if (isTimeout(each) && !isShielded) return null
        // The coroutine is inside `withContext(NonCancellable)`, which ends the chain of parents.
        if (each.parent == null) isShielded = true
        each = around(each) ?: return null
    }
    return CoroutineWait(blocked, coroutine, awaited, isShielded, holdsThread = false)
}

/**
 * Visits each task scope that keeps a coroutine below [job] from ending. Those coroutines wait for
 * the scope as a child job, so they publish no wait.
 */
internal inline fun forEachScopeBelow(job: Job, visit: (JobScope) -> Unit) {
    var pending: ArrayDeque<Job>? = null
    var each = job
    while (true) {
        for (child in each.children) {
            if (child is ParentCoroutineScope.Hold) visit(child.scope)
            else if (!isTimeout(child))
                (pending ?: ArrayDeque<Job>().also { pending = it }).add(child)
        }
        each = pending?.removeFirstOrNull() ?: return
    }
}

/** The waits of the coroutines of one task or scope. Made at the first wait. */
internal class CoroutineWaits {
    private val waits = CopyOnWriteArrayList<CoroutineWait>()

    /**
     * Threads where another body, or a part of another coroutine, runs above this job on the stack.
     */
    private val covered = CopyOnWriteArrayList<ThreadState>()

    fun add(wait: CoroutineWait) {
        waits.add(wait)
    }

    fun remove(wait: CoroutineWait) {
        waits.remove(wait)
    }

    fun cover(state: ThreadState) {
        covered.add(state)
    }

    fun uncover(state: ThreadState) {
        covered.remove(state)
    }

    inline fun forEachOpen(action: (CoroutineWait) -> Unit) {
        for (wait in waits) if (wait.isOpen) action(wait)
    }

    fun dependencies(of: CoroutineJob<*>, visit: (Awaitable) -> Unit) {
        forEachOpen { visit(it.awaited) }
        for (state in covered) {
            val above = above(of, state)
            // If the thread is still covered, this job waits for what was read.
            if (above != null && state in covered) visit(above)
        }
    }
}
