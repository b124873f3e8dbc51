package io.github.coro4j.internal.job

import io.github.coro4j.spi.Label

// In the debug mode the name of a thread ends with the name of the task whose body it runs, as in
// kotlinx.coroutines: `coro4j-1 @load`.

/**
 * Puts the name of [job] into the name of the thread of this state. Returns what the caller must
 * pass to [restoreName], or null after an error.
 */
internal fun ThreadState.showName(job: FutureJob<*>): String? =
    try {
        val before = thread.name
        val plain = plainName ?: before.also { plainName = it }
        thread.name = "$plain $MARK${Label.oneLine(job.givenName())}".trimStart()
        before
    } catch (e: Throwable) {
        null // the heap or the stack is full, or a security manager refuses; the body must run
    }

/** Restores the name that the thread had [before] a call of [showName]. */
internal fun ThreadState.restoreName(before: String) {
    if (before == plainName) plainName = null
    try {
        // A name without the mark was given to the thread by user code meanwhile.
        if (MARK in thread.name) thread.name = before
    } catch (e: Throwable) {
        // see [showName]
    }
}

private const val MARK = '@'

/**
 * Returns the name of this job, or the type of a job without a name. A look at the name would give
 * it a number, and the numbers of tasks must not depend on the debug mode.
 */
private fun FutureJob<*>.givenName(): String {
    val group = owner.asGroup as? FutureJob<*>
    return label ?: if (group?.label != null) name() else kind
}
