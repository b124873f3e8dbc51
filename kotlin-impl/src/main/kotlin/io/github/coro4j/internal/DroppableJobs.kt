package io.github.coro4j.internal

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference

/**
 * The gathers of one scope that wait for futures which exist. The scope waits for them and cancels
 * them as it does its tasks, but it does not keep them: a future that can still end keeps the
 * gathers that watch it, and one that nobody can end or see any more is not worth waiting for.
 *
 * One lock, and some 50 bytes, a gather.
 */
internal class DroppableJobs {
    /** The gather's place in the list, which runs through the places. */
    class Place(job: AwaitingGather<*>, queue: ReferenceQueue<AwaitingGather<*>>) :
        WeakReference<AwaitingGather<*>>(job, queue) {
        internal var before: Place? = null
        internal var after: Place? = null
        internal var isListed = true
    }

    private val dropped = ReferenceQueue<AwaitingGather<*>>()
    private var first: Place? = null
    private var added = 0L

    /** Null if [refused]. */
    @Synchronized
    fun add(job: AwaitingGather<*>, refused: () -> Boolean): Place? {
        purge()
        if (refused()) return null
        val place = Place(job, dropped)
        place.after = first
        first?.before = place
        first = place
        added++
        return place
    }

    /** True if that left the list empty. */
    @Synchronized
    fun remove(place: Place): Boolean {
        if (!place.isListed) return false
        place.isListed = false
        val before = place.before
        val after = place.after
        if (before == null) first = after else before.after = after
        after?.before = before
        return first == null
    }

    private fun purge() {
        while (true) remove((dropped.poll() ?: return) as Place)
    }

    /** How many have ever been added, or -1 if there is one now. */
    @Synchronized
    fun addedIfEmpty(): Long {
        purge()
        return if (first == null) added else -1
    }

    @Synchronized
    fun addTo(jobs: MutableList<FutureJob<*>>) {
        var place = first
        while (place != null) {
            place.get()?.let(jobs::add)
            place = place.after
        }
    }
}
