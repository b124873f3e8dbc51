package io.github.coro4j.internal

import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicInteger

/** A job that follows others which exist, and keeps its place in [DroppableJobs]. */
internal interface Droppable {
    var place: DroppableJobs.Place?
}

/**
 * The end of something that this job follows has come: false if the scope was closed when nobody
 * could see this job, which is over then. A finalizer is all that can still end what it follows:
 * the garbage collector clears the place before it runs. While the scope is open, the job is listed
 * there again, so that a close waits for its callbacks (R23).
 */
internal fun <J> J.isStillListed(): Boolean where J : FutureJob<*>, J : Droppable {
    val seen = place ?: return true
    if (seen.get() === this) return true
    synchronized(seen) {
        // It has left, or another thread has listed it.
        if (place !== seen) return true
        return scope.listAgain(this)
    }
}

/**
 * The jobs of one scope that only follow others: gathers over futures that exist, and functions of
 * `flatMap` that have returned one. The scope waits for them and cancels them as it does its tasks,
 * but it does not keep them: a future that can still end keeps what watches it, and one that nobody
 * can end or see any more is not worth waiting for.
 *
 * One lock, and some 50 bytes, a job.
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

    /** Null if [refused]. */
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

    /** How many have ever been added, or -1 if there is one now. */
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

/** All places of droppable jobs; watched by a thread while somebody waits for a scope. */
internal class DroppedWatch {
    private val listed = AtomicInteger()
    private val waiters = AtomicInteger()
    val references = ReferenceWatch("coro4j-dropped", ::isNeeded)

    private val isNeeded: Boolean
        get() = listed.get() > 0 && waiters.get() > 0

    fun listed(change: Int) = change(listed, change)

    fun waiters(change: Int) = change(waiters, change)

    /** Changed first, then looked: of a place and a waiter that come, the last one sees both. */
    private fun change(count: AtomicInteger, change: Int) {
        count.addAndGet(change)
        if (change > 0 && isNeeded) references.begin()
    }
}
