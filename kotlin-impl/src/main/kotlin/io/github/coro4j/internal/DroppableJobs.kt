package io.github.coro4j.internal

import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicInteger

/** A job that follows existing futures, and keeps its place in [DroppableJobs]. */
internal interface Droppable {
    var place: DroppableJobs.Place?
}

/**
 * Returns whether this job is in the list of its scope, when something that it follows has ended.
 *
 * The garbage collector clears the place of an unreachable job; after that only a finalizer can end
 * what the job follows. If the scope is still open, this lists the job again, so that a close waits
 * for its callbacks (R23). If the scope was closed, this returns false, and the job must end.
 */
internal fun <J> J.isStillListed(): Boolean where J : FutureJob<*>, J : Droppable {
    val seen = place ?: return true
    if (seen.get() === this) return true
    synchronized(seen) {
        // The job has left the list, or another thread has listed it again.
        if (place !== seen) return true
        return scope.listAgain(this)
    }
}

/**
 * The jobs of one scope that only follow others: gathers over futures that exist, and functions of
 * `flatMap` that have returned one. The scope waits for them and cancels them like its tasks, but
 * does not keep them alive. A future that can still end keeps its watchers alive; a job that no
 * code can end or see any more need not be waited for.
 *
 * Each listed job costs about 50 bytes. Adding or removing it takes one lock.
 */
internal class DroppableJobs(
    private val watch: DroppedWatch,
    private val becameEmpty: () -> Unit,
) {
    /** A job's place in the list, which runs through the places. */
    inner class Place(job: FutureJob<*>) :
        WeakReference<FutureJob<*>>(job, watch.references.queue), OfUnreachable {
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

    fun leave(place: Place) {
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

/** The watch for unreachable droppable jobs. Its thread runs while a thread waits for a scope. */
internal class DroppedWatch {
    private val listed = AtomicInteger()
    private val waiters = AtomicInteger()
    val references = ReferenceWatch("coro4j-dropped", ::isNeeded)

    private val isNeeded: Boolean
        get() = listed.get() > 0 && waiters.get() > 0

    fun listed(change: Int) = change(listed, change)

    fun waiters(change: Int) = change(waiters, change)

    /**
     * Changes the count, then looks: pairs with a change of the other count. The last one sees
     * both.
     */
    private fun change(count: AtomicInteger, change: Int) {
        count.addAndGet(change)
        if (change > 0 && isNeeded) references.begin()
    }
}
