package io.github.coro4j.internal

// A watcher is told of the end of a job, once, on the thread that ends it; it runs no user code. It
// is
// another job, the [Callbacks], or a [Wake]. These are classes and not one interface, because
// asking
// an object for an interface took 40% of the end of a promise, by profile.

private fun tell(watcher: Any, ended: FutureJob<*>) {
    when (watcher) {
        is FutureJob<*> -> watcher.sourceEnded(ended)
        is Callbacks -> watcher.complete()
        else -> (watcher as Wake).run()
    }
}

/** It no longer wants to know: a wait that was given up, a group that has failed. */
private fun isStale(watcher: Any): Boolean =
    when (watcher) {
        is FutureJob<*> -> watcher.isDone
        is Wake -> watcher.isStale
        else -> false
    }

/**
 * The watchers of a job that has more than one, in the order in which they came. A watcher costs
 * four bytes here, and nothing where it is the only one: then [FutureJob.watchers] holds it alone.
 *
 * A watcher that goes away does not look for its place, which would cost more the more there are:
 * it is stale, and the list drops its stale watchers when they may be half of it.
 */
internal class WatcherList(first: Any, second: Any) {
    private var watchers: Array<Any?> = arrayOf(first, second, null, null)
    private var count = 2
    private var leavings = 0
    private var isClosed = false

    /** The one of the watchers that serves the user's callbacks. */
    @Volatile
    var callbacks: Callbacks? = first as? Callbacks ?: second as? Callbacks
        private set

    /** False if the list is closed: the job has ended. */
    @Synchronized
    fun add(watcher: Any): Boolean {
        if (isClosed) return false
        if (count == watchers.size) watchers = watchers.copyOf(2 * count)
        watchers[count++] = watcher
        if (watcher is Callbacks) callbacks = watcher
        return true
    }

    /** Null if the list is closed. */
    @Synchronized
    fun callbacksOf(job: FutureJob<*>): Callbacks? =
        callbacks ?: if (isClosed) null else Callbacks(job).also(::add)

    /** One of the watchers has gone stale. */
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

    /** Closes the list, and hands over who was in it; null if that has been done. */
    @Synchronized
    fun close(): Array<Any?>? {
        if (isClosed) return null
        isClosed = true
        return watchers.copyOf(count).also { watchers = NOBODY }
    }

    private companion object {
        const val SHORT = 16
        val NOBODY = arrayOfNulls<Any>(0)
    }
}

/** Tells [watcher] when this job ends; at once, on this thread, if it has. */
internal fun FutureJob<*>.watch(watcher: FutureJob<*>) = addWatcher(watcher)

internal fun FutureJob<*>.watch(watcher: Wake) = addWatcher(watcher)

/**
 * Added first, then looked: of the one who adds and the one who ends the job, at least one sees the
 * other, and the watchers are taken by one compare-and-set.
 */
private fun FutureJob<*>.addWatcher(watcher: Any) {
    while (true) {
        if (isDone) return tell(watcher, this)
        val added =
            when (val seen = watchers) {
                null -> replaceWatchers(null, watcher)
                is WatcherList -> seen.add(watcher)
                else -> replaceWatchers(seen, WatcherList(seen, watcher))
            }
        if (added) break
    }
    if (isDone) tellWatchers()
}

/** [watcher], which is stale now, need not be told; it is no longer kept. */
internal fun FutureJob<*>.unwatch(watcher: FutureJob<*>) = removeWatcher(watcher)

internal fun FutureJob<*>.unwatch(watcher: Wake) = removeWatcher(watcher)

private fun FutureJob<*>.removeWatcher(watcher: Any) {
    val seen = watchers
    if (seen is WatcherList) seen.dropStale()
    else if (seen === watcher && !replaceWatchers(watcher, null)) removeWatcher(watcher)
}

/** The job has ended. Whoever comes first tells; the callbacks stay, for those added later. */
internal fun FutureJob<*>.tellWatchers() {
    while (true) {
        when (val seen = watchers) {
            null -> return
            is Callbacks -> return seen.complete()
            is WatcherList -> {
                val told = seen.close()
                replaceWatchers(seen, seen.callbacks)
                return tellAll(told ?: return)
            }
            else -> if (replaceWatchers(seen, null)) return tell(seen, this)
        }
    }
}

/** All of them, whatever stands in the way of one: only an error of the JVM can. */
private fun FutureJob<*>.tellAll(watchers: Array<Any?>) {
    watchers.iterator().forEachDespiteErrors { tell(it!!, this) }
}

/** The callbacks of this job, which stay the same for ever. */
internal fun FutureJob<*>.callbacks(): Callbacks {
    while (true) {
        when (val seen = watchers) {
            is Callbacks -> return seen
            is WatcherList -> {
                seen.callbacksOf(this)?.let {
                    return it
                }
                // Closed, and about to be replaced by whoever closed it.
                replaceWatchers(seen, null)
            }
            else -> {
                val made = Callbacks(this)
                val content = if (seen == null) made else WatcherList(seen, made)
                if (replaceWatchers(seen, content)) return made
            }
        }
    }
}

/** Those that were added so far, if any. */
internal fun FutureJob<*>.callbacksOrNull(): Callbacks? =
    when (val seen = watchers) {
        is WatcherList -> seen.callbacks
        else -> seen as? Callbacks
    }
