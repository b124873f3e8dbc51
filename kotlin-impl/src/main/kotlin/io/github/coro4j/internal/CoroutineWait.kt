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
    /** True if a cancel of the coroutine does not end the wait. */
    val mustWait: Boolean,
    /** True if the wait holds a thread. Then only a cancel of [blocked] ends it. */
    private val holdsThread: Boolean,
) {
    /** False once a cancel has ended the wait. */
    val isOpen: Boolean
        get() = mustWait || !blocked.isCancelled && (holdsThread || !coroutine.isCancelled)

    fun begin() = blocked.waitBegins(this)

    fun end() = blocked.waitEnds(this)

    /** Returns whether [other] cannot end before this wait has. */
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

    /** Throws if this wait closes a circle. Call [begin] first. */
    fun refuseCircle() {
        // A wait that a cancel ends throws the cancellation at once.
        if (!isOpen) return
        Circles.refuse(blocked, awaited, mustWait, where = "") { isBlocked(it) }
    }
}

/**
 * Returns the wait of the coroutine with this [context], or null if the wait is part of no circle:
 * no task waits for that coroutine, or a timeout of kotlinx.coroutines ends the wait.
 */
internal fun suspendedWait(
    context: CoroutineContext,
    awaited: Awaited,
    mustWait: Boolean,
): CoroutineWait? {
    val blocked = context[TaskElement]?.job ?: return null
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

/** Returns the wait that holds the thread of [runner] in a coroutine of [blocked], or null. */
internal fun blockingWait(
    blocked: WorkJob<*>,
    awaited: Awaited,
    runner: Runner,
): CoroutineWait? {
    if (blocked !is CoroutineJob<*>) return null
    val coroutine = runner.coroutine ?: blocked
    if (!isBlockedBy(blocked, coroutine)) return null
    return CoroutineWait(blocked, coroutine, awaited, runner.mustWait, holdsThread = true)
}

/** Returns whether [blocked] cannot end before [coroutine] has. */
internal fun isBlockedBy(blocked: CoroutineJob<*>, coroutine: Job): Boolean {
    var each: Job? = coroutine
    while (each != null && each !== blocked) each = around(each)
    return each === blocked
}

/** Returns whether [job] is inside a `withContext(NonCancellable)`. */
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
 * Returns the coroutine that cannot end before [job] has. That is its parent or, if
 * `NonCancellable` cuts the line of parents, the suspended coroutine that called this one. A
 * coroutine that was launched with a job of its own has neither.
 */
private fun around(job: Job): Job? = engineJob(job.parent) ?: callerOf(job)

/**
 * Follows `coroutineScope`, `withContext` and the like from [job] outwards, and returns the
 * coroutine that was launched.
 */
internal fun launchedOf(job: Job): Job {
    var each = job
    while (true) each = callerOf(each) ?: return each
}

/** Returns the suspended coroutine that called [job], or null if there is none. */
private fun callerOf(job: Job): Job? =
    engineJob(((job as? CoroutineStackFrame)?.callerFrame as? Continuation<*>)?.context?.get(Job))

/**
 * Returns whether [job] is that of a `withTimeout`. kotlinx.coroutines has no public sign of it,
 * but gives the job itself to its timer, so it is the only coroutine that is a `Runnable`.
 * `CircleOfCoroutinesTest` breaks when that changes.
 */
internal fun isTimeout(job: Job): Boolean = job is Runnable

/**
 * Visits each task scope that keeps a coroutine below [job] from ending. Those coroutines wait for
 * the scope as a child job, so they publish no wait.
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

/** The waits of the coroutines of one task or scope. Made at the first wait. */
internal class CoroutineWaits {
    private val waits = CopyOnWriteArrayList<CoroutineWait>()

    /**
     * Threads where another body, or a part of another coroutine, runs above this job on the stack.
     */
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
            // If the thread is still covered, this job waits for what was read.
            if (above != null && runner in covered) visit(above)
        }
    }
}

/**
 * Returns what must end before the thread of [runner] returns to [below], or null. A part of a
 * coroutine returns when it is suspended, so for a coroutine only the wait of a blocked thread
 * counts.
 */
internal fun above(below: WorkJob<*>, runner: Runner): Awaited? {
    val top = runner.current
    if (top === below) return null
    if (top !is CoroutineJob<*>) return top
    val mustWait = runner.mustWait
    return runner.waitingFor.takeUnless { top.isCancelled && !mustWait }
}
