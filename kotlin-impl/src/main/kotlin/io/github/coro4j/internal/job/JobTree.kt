@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal.job

import kotlin.coroutines.Continuation
import kotlin.coroutines.jvm.internal.CoroutineStackFrame
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/** A job of kotlinx.coroutines that replaces [root], a job of the engine, in a context. */
internal interface JobAlias {
    val root: Job
}

/** Returns the job of the engine that [job] replaces, or [job] itself. */
internal fun engineJob(job: Job?): Job? = if (job is JobAlias) job.root else job

/** Returns whether [blocked] cannot end before [coroutine] has. */
internal fun isBlockedBy(blocked: Job, coroutine: Job): Boolean {
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
internal fun around(job: Job): Job? = engineJob(job.parent) ?: callerOf(job)

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
