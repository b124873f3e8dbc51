package io.github.coro4j.internal.scope

import io.github.coro4j.internal.base.DroppedWatch
import io.github.coro4j.internal.base.OfUnreachable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.WeakJobEntry

/**
 * The jobs of one scope that only follow others: gathers over futures that exist, and functions of
 * `flatMap` that have returned one. The scope waits for them and cancels them like its tasks, but
 * does not keep them alive. A future that can still end keeps its watchers alive; a job that no
 * code can end or see any more need not be waited for.
 *
 * Each listed job costs about 50 bytes. Adding or removing it takes one lock.
 */
internal class WeakJobList(
    private val watch: DroppedWatch,
    private val becameEmpty: () -> Unit,
) {
    /** A job's place in the list. The places link to each other. */
    inner class Place(job: FutureJob<*>) :
        WeakJobEntry(job, watch.references.queue), OfUnreachable {
        internal var before: Place? = null
        internal var after: Place? = null
        internal var isListed = true

        override fun unreachable() = leave(this)
    }

    private var first: Place? = null
    private var added = 0L

    /** Lists [job] and returns its place, or null if [refused]. */
    fun add(job: FutureJob<*>, refused: () -> Boolean): Place? {
        watch.references.poll()
        val place = insert(job, refused)
        if (place != null) watch.listed(1)
        return place
    }

    @Synchronized
    private fun insert(job: FutureJob<*>, refused: () -> Boolean): Place? {
        if (refused()) return null
        val place = Place(job)
        place.after = first
        first?.before = place
        first = place
        added++
        return place
    }

    fun leave(place: WeakJobEntry) = leave(place as Place)

    private fun leave(place: Place) {
        val isEmpty =
            synchronized(this) {
                if (!place.isListed) return
                place.isListed = false
                place.clear()
                val before = place.before
                val after = place.after
                if (before == null) first = after else before.after = after
                after?.before = before
                first == null
            }
        watch.listed(-1)
        if (isEmpty) becameEmpty()
    }

    /** Returns the number of jobs ever added if the list is empty, or -1 if it is not. */
    fun addedIfEmpty(): Long {
        watch.references.poll()
        return synchronized(this) { if (first == null) added else -1 }
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
