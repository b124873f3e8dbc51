package io.github.coro4j.internal

/** Is told of the end of a job, once, on the thread that ends it. Runs no user code. */
internal interface Watcher {
    fun sourceEnded(source: FutureJob<*>)

    /** It no longer wants to know: a wait that was given up, a group that has failed. */
    val isStale: Boolean
}

/**
 * The watchers of a job that has more than one, in the order in which they came. A watcher costs
 * four bytes here, and nothing where it is the only one: then [FutureJob.watchers] holds it alone.
 *
 * A watcher that goes away does not look for its place, which would cost more the more there are:
 * it is stale, and the list drops its stale watchers when they may be half of it.
 */
internal class WatcherList(first: Watcher, second: Watcher) {
    private var watchers: Array<Watcher?> = arrayOf(first, second, null, null)
    private var count = 2
    private var leavings = 0
    private var isClosed = false

    /** The one of the watchers that serves the user's callbacks. */
    @Volatile
    var callbacks: Callbacks? = first as? Callbacks ?: second as? Callbacks
        private set

    /** False if the list is closed: the job has ended. */
    @Synchronized
    fun add(watcher: Watcher): Boolean {
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
            if (!watcher.isStale) watchers[kept++] = watcher
        }
        watchers.fill(null, kept, count)
        count = kept
    }

    /** Closes the list, and hands over who was in it; null if that has been done. */
    @Synchronized
    fun close(): List<Watcher>? {
        if (isClosed) return null
        isClosed = true
        @Suppress("UNCHECKED_CAST")
        return (watchers.copyOf(count) as Array<Watcher>).asList().also { watchers = NOBODY }
    }

    private companion object {
        const val SHORT = 16
        val NOBODY = arrayOfNulls<Watcher>(0)
    }
}

/**
 * Tells [watcher] when this job ends; at once, on this thread, if it has.
 *
 * Added first, then looked: of the one who adds and the one who ends the job, at least one sees the
 * other, and the watchers are taken by one compare-and-set.
 */
internal fun FutureJob<*>.watch(watcher: Watcher) {
    while (true) {
        if (isCompleted) return watcher.sourceEnded(this)
        val added =
            when (val seen = watchers) {
                null -> replaceWatchers(null, watcher)
                is WatcherList -> seen.add(watcher)
                else -> replaceWatchers(seen, WatcherList(seen as Watcher, watcher))
            }
        if (added) break
    }
    if (isCompleted) tellWatchers()
}

/** [watcher], which is stale now, need not be told; it is no longer kept. */
internal fun FutureJob<*>.unwatch(watcher: Watcher) {
    val seen = watchers
    if (seen is WatcherList) seen.dropStale()
    else if (seen === watcher && !replaceWatchers(watcher, null)) unwatch(watcher)
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
                return tell(told ?: return)
            }
            else -> if (replaceWatchers(seen, null)) return (seen as Watcher).sourceEnded(this)
        }
    }
}

/** All of them, whatever stands in the way of one: only an error of the JVM can. */
private fun FutureJob<*>.tell(watchers: List<Watcher>) {
    var error: Throwable? = null
    for (watcher in watchers) {
        try {
            watcher.sourceEnded(this)
        } catch (e: Throwable) {
            error = e
        }
    }
    if (error != null) throw error
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
                val content = if (seen == null) made else WatcherList(seen as Watcher, made)
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
