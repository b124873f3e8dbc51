package io.github.coro4j.internal.job

import io.github.coro4j.internal.base.forEachDespiteErrors
import java.util.concurrent.Executor

// The thread that ends a job calls each watcher once. A watcher that is added later is called by
// the thread that adds it. A watcher runs no user code. It is another job, the CallbackLanes, or a
// Waiter. These are classes and not one interface, because a type check against an interface took
// 40% of the end of a promise, by profile.

private fun call(watcher: Any, ended: FutureJob<*>) {
    when (watcher) {
        is FutureJob<*> -> watcher.sourceEnded(ended)
        is CallbackLanes -> watcher.complete()
        else -> (watcher as Waiter).run()
    }
}

/** Returns whether [watcher] need not be called, like an abandoned wait or a failed group. */
private fun isStale(watcher: Any): Boolean =
    when (watcher) {
        is FutureJob<*> -> watcher.isDone
        is Waiter -> watcher.isStale
        else -> false
    }

/**
 * The watchers of a job that has more than one, in the order in which they were added. A watcher
 * costs four bytes here. A single watcher costs nothing, because [FutureJob.watchers] holds it.
 *
 * A watcher that leaves does not look for its place, because that would be slow in a long list. It
 * becomes stale, and the list drops stale watchers once they may be half of it.
 */
internal class WatcherList(first: Any, second: Any) {
    private var watchers: Array<Any?> = arrayOf(first, second, null, null)
    private var count = 2
    private var leavings = 0
    private var isClosed = false

    /** The watcher that serves the user's callbacks, or null. */
    @Volatile
    var callbacks: CallbackLanes? = first as? CallbackLanes ?: second as? CallbackLanes
        private set

    /** Adds [watcher]. Returns false if the list is closed, because the job has ended. */
    @Synchronized
    fun add(watcher: Any): Boolean {
        if (isClosed) return false
        if (count == watchers.size) watchers = watchers.copyOf(2 * count)
        watchers[count++] = watcher
        if (watcher is CallbackLanes) callbacks = watcher
        return true
    }

    /** Returns the callbacks, or null if the list is closed. */
    @Synchronized
    fun callbacksOf(job: FutureJob<*>): CallbackLanes? =
        callbacks ?: if (isClosed) null else CallbackLanes(job).also(::add)

    /** Notes that a watcher has become stale. */
    @Synchronized
    fun dropStale() {
        if (isClosed || ++leavings < count / 2 && count > SHORT) return
        leavings = 0
        var kept = 0
        for (index in 0 until count) {
            val watcher = watchers[index]!!
            if (!isStale(watcher)) watchers[kept++] = watcher
        }
        watchers.fill(null, kept, count)
        count = kept
    }

    @Synchronized fun jobs(): List<FutureJob<*>> = watchers.filterIsInstance<FutureJob<*>>()

    /** Returns whether one of the watchers still waits. A closed list has been called. */
    @Synchronized
    fun isWatching(): Boolean = isClosed || watchers.any { it != null && isWatching(it) }

    /** Closes the list and returns its watchers, or null if it was closed before. */
    @Synchronized
    fun close(): Array<Any?>? {
        if (isClosed) return null
        isClosed = true
        return watchers.copyOf(count).also { watchers = NONE }
    }

    private companion object {
        const val SHORT = 16
        val NONE = arrayOfNulls<Any>(0)
    }
}

/** Calls [watcher] when this job ends, or at once, on this thread, if it has ended. */
internal fun FutureJob<*>.watch(watcher: FutureJob<*>) = addWatcher(watcher)

internal fun FutureJob<*>.watch(watcher: Waiter) = addWatcher(watcher)

/** Adds [watcher], or calls it at once if the job has ended. */
private fun FutureJob<*>.addWatcher(watcher: Any) {
    while (true) {
        if (isDone) return call(watcher, this)
        val added =
            when (val seen = watchers) {
                null -> replaceWatchers(null, watcher)
                is WatcherList -> seen.add(watcher)
                else -> replaceWatchers(seen, WatcherList(seen, watcher))
            }
        if (added) break
    }
    // publish, then re-check: pairs with FutureJob.afterCompletion
    if (isDone) callWatchers()
}

/** Returns whether a thread, a coroutine, a callback or another job waits for the end. */
internal fun FutureJob<*>.isWatched(): Boolean =
    when (val seen = watchers) {
        null -> false
        is WatcherList -> seen.isWatching()
        else -> isWatching(seen)
    }

private fun isWatching(watcher: Any): Boolean =
    if (watcher is CallbackLanes) !watcher.isEmpty else !isStale(watcher)

/** Removes [watcher], which is stale now and need not be called. */
internal fun FutureJob<*>.unwatch(watcher: FutureJob<*>) = removeWatcher(watcher)

internal fun FutureJob<*>.unwatch(watcher: Waiter) = removeWatcher(watcher)

private fun FutureJob<*>.removeWatcher(watcher: Any) {
    val seen = watchers
    if (seen is WatcherList) seen.dropStale()
    else if (seen === watcher && !replaceWatchers(watcher, null)) removeWatcher(watcher)
}

/**
 * Calls the watchers of an ended job. The first thread that takes them calls them. The callbacks
 * stay, for callbacks that are added later.
 */
internal fun FutureJob<*>.callWatchers() {
    while (true) {
        when (val seen = watchers) {
            null -> return
            is CallbackLanes -> return seen.complete()
            is WatcherList -> {
                val taken = seen.close()
                replaceWatchers(seen, seen.callbacks)
                return callAll(taken ?: return)
            }
            else -> if (replaceWatchers(seen, null)) return call(seen, this)
        }
    }
}

/** Calls all watchers, even if an error of the JVM stops the call of one. */
private fun FutureJob<*>.callAll(watchers: Array<Any?>) {
    watchers.iterator().forEachDespiteErrors { call(it!!, this) }
}

/** Returns the callbacks of this job, always the same object. */
internal fun FutureJob<*>.callbacks(): CallbackLanes {
    while (true) {
        when (val seen = watchers) {
            is CallbackLanes -> return seen
            is WatcherList -> {
                seen.callbacksOf(this)?.let {
                    return it
                }
                // The list is closed, and the thread that closed it is about to replace it.
                replaceWatchers(seen, null)
            }
            else -> {
                val made = CallbackLanes(this)
                val content = if (seen == null) made else WatcherList(seen, made)
                if (replaceWatchers(seen, content)) return made
            }
        }
    }
}

/**
 * Returns whether callbacks wait to be run on [executor]: those of this job, or those of a job of
 * the same scope that ends because of it.
 */
internal fun FutureJob<*>.hasCallbacksOn(executor: Executor): Boolean {
    val pending = ArrayDeque<FutureJob<*>>()
    pending.add(this)
    while (true) {
        val each = pending.removeLastOrNull() ?: return false
        if (each.callbacksOrNull()?.isWaitingOn(executor) == true) return true
        val derived =
            when (val seen = each.watchers) {
                is WatcherList -> seen.jobs()
                is FutureJob<*> -> listOf(seen)
                else -> emptyList()
            }
        derived.filterTo(pending) { it.scope === scope && !it.isDone }
    }
}

/** Returns the callbacks of this job, or null if none were added. */
internal fun FutureJob<*>.callbacksOrNull(): CallbackLanes? =
    when (val seen = watchers) {
        is WatcherList -> seen.callbacks
        else -> seen as? CallbackLanes
    }
