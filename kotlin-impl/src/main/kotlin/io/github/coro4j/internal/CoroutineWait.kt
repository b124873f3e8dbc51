@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal

import java.util.concurrent.CopyOnWriteArrayList
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.jvm.internal.CoroutineStackFrame
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * A wait of one coroutine, published in the task or scope that cannot end before that coroutine
 * has, so that the search for circles sees it.
 */
internal class CoroutineWait(
    private val blocked: CoroutineJob<*>,
    /** The coroutine that waits: [blocked] itself, or one below it. */
    private val coroutine: Job,
    val awaited: Awaited,
    /** A cancel of the coroutine does not cut the wait short. */
    val mustWait: Boolean,
    /** The wait holds a thread: only a cancel of [blocked] cuts it short. */
    private val holdsThread: Boolean,
) {
    /** False once a cancel has cut the wait short. */
    val isOpen: Boolean
        get() = mustWait || !blocked.isCancelled && (holdsThread || !coroutine.isCancelled)

    fun begin() = blocked.waitBegins(this)

    fun end() = blocked.waitEnds(this)

    /** Whether [other] cannot end before this wait has. */
    fun isBlocked(other: Awaited): Boolean =
        other === blocked || other is DeferredJob<*> && other.deferred?.let(::isInside) == true

    fun isInside(job: Job): Boolean {
        var each: Job? = coroutine
        while (each != null && each !== blocked) {
            if (each === job) return true
            each = around(each)
        }
        return false
    }

    /** Throws if this wait, which has begun, closes a circle. */
    fun refuseCircle() {
        // It ends at once with the cancellation.
        if (!isOpen) return
        Circles.refuse(blocked, awaited, mustWait, where = "") { isBlocked(it) }
    }
}

/**
 * The wait of the coroutine with this [context]. Null if nobody waits for that coroutine, or a
 * timeout of kotlinx.coroutines ends the wait: neither is part of a circle.
 */
internal fun suspendedWait(
    context: CoroutineContext,
    awaited: Awaited,
    mustWait: Boolean,
): CoroutineWait? {
    val blocked = context[TaskElement]?.job ?: return null
    val coroutine = context[Job] ?: return null
    var isShielded = mustWait
    var each: Job = coroutine
    while (each !== blocked) {
        if (isTimeout(each) && !isShielded) return null
        // Inside `withContext(NonCancellable)`, which ends the chain of parents.
        if (each.parent == null) isShielded = true
        each = around(each) ?: return null
    }
    return CoroutineWait(blocked, coroutine, awaited, isShielded, holdsThread = false)
}

/** As [suspendedWait], for a wait that holds the thread of [runner] in a coroutine of [blocked]. */
internal fun blockingWait(
    blocked: CoroutineJob<*>,
    awaited: Awaited,
    runner: Runner,
): CoroutineWait? {
    val coroutine = runner.coroutine ?: blocked
    if (!isBlockedBy(blocked, coroutine)) return null
    return CoroutineWait(blocked, coroutine, awaited, runner.mustWait, holdsThread = true)
}

/** Whether [blocked] cannot end before [coroutine] has. */
internal fun isBlockedBy(blocked: CoroutineJob<*>, coroutine: Job): Boolean {
    var each: Job? = coroutine
    while (each != null && each !== blocked) each = around(each)
    return each === blocked
}

/** Whether [job] is inside a `withContext(NonCancellable)`. */
internal fun isShielded(job: Job): Boolean {
    var each: Job? = job
    while (each != null) {
        val next = around(each)
        if (next != null && each.parent == null) return true
        each = next
    }
    return false
}

/**
 * The coroutine that cannot end before [job] has: its parent or, where `NonCancellable` cuts the
 * line of parents, the coroutine that has called this one and is suspended meanwhile. A coroutine
 * that was launched with a job of its own has neither.
 */
private fun around(job: Job): Job? =
    job.parent
        ?: ((job as? CoroutineStackFrame)?.callerFrame as? Continuation<*>)?.context?.get(Job)

/**
 * Whether [job] is that of a `withTimeout`. kotlinx.coroutines has no public sign of it, but hands
 * the job itself to its timer, so it is the only coroutine that is a `Runnable`.
 * `CircleOfCoroutinesTest` breaks when that changes.
 */
internal fun isTimeout(job: Job): Boolean = job is Runnable

/**
 * Visits each task scope that keeps a coroutine below [job] from ending. Those coroutines wait as
 * jobs of kotlinx.coroutines do, so they publish no wait.
 */
internal inline fun forEachScopeBelow(job: Job, visit: (ScopeImpl) -> Unit) {
    var pending: ArrayDeque<Job>? = null
    var each = job
    while (true) {
        for (child in each.children) {
            if (child is Outside.Hold) visit(child.scope)
            else if (!isTimeout(child))
                (pending ?: ArrayDeque<Job>().also { pending = it }).add(child)
        }
        each = pending?.removeFirstOrNull() ?: return
    }
}

/** What the coroutines of one task or scope wait for. Made at the first wait. */
internal class CoroutineWaits {
    private val waits = CopyOnWriteArrayList<CoroutineWait>()

    /** Threads on whose stack another body, or a part of another coroutine, runs on top. */
    private val covered = CopyOnWriteArrayList<Runner>()

    fun add(wait: CoroutineWait) {
        waits.add(wait)
    }

    fun remove(wait: CoroutineWait) {
        waits.remove(wait)
    }

    fun cover(runner: Runner) {
        covered.add(runner)
    }

    fun uncover(runner: Runner) {
        covered.remove(runner)
    }

    inline fun forEachOpen(action: (CoroutineWait) -> Unit) {
        for (wait in waits) if (wait.isOpen) action(wait)
    }

    fun dependencies(of: CoroutineJob<*>, visit: (Awaited) -> Unit) {
        forEachOpen { visit(it.awaited) }
        for (runner in covered) {
            val above = above(of, runner)
            // Read while the thread was still covered, so it is what this job waits for.
            if (above != null && runner in covered) visit(above)
        }
    }
}

/**
 * What must end before the thread of [runner] comes back to [below], which is not on top of its
 * stack. A part of a coroutine returns when it is suspended: of that only a blocked thread counts.
 */
internal fun above(below: WorkJob<*>, runner: Runner): Awaited? {
    val top = runner.current
    if (top === below) return null
    if (top !is CoroutineJob<*>) return top
    val mustWait = runner.mustWait
    return runner.waitingFor.takeUnless { top.isCancelled && !mustWait }
}
