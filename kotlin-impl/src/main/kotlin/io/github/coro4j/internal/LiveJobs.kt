package io.github.coro4j.internal

/**
 * The jobs of one scope that have not ended. The list runs through the jobs themselves, in stripes,
 * so that threads that start jobs and threads that end them seldom compete for a lock. Adding and
 * removing allocate nothing.
 */
internal class LiveJobs {
    private class Stripe {
        var first: FutureJob<*>? = null
        var added = 0L
    }

    private val stripes = Array(STRIPES) { Stripe() }

    /**
     * Spreads jobs over the stripes. Races lose increments, which only makes the stripes less even.
     */
    private var turn = 0

    /**
     * Adds [job] unless [refused] returns true. The call of [refused] is under the lock that
     * [isEmpty] also takes, so no job gets in after a close.
     */
    fun add(job: FutureJob<*>, isShared: Boolean, refused: () -> Boolean): Boolean {
        val index = turn++ and (STRIPES - 1)
        val place = LISTED or (index shl STRIPE_SHIFT) or Ages.stamp(job.scope.engine.clock.nanos())
        if (isShared) job.note(place) else job.noteUnshared(place)
        val stripe = stripes[index]
        synchronized(stripe) {
            if (refused()) return false
            val first = stripe.first
            job.next = first
            first?.previous = job
            stripe.first = job
            stripe.added++
        }
        return true
    }

    /** Removes [job]. Returns true if its stripe is empty now, so that the whole list may be. */
    fun remove(job: FutureJob<*>): Boolean {
        val stripe = stripes[job.bits ushr STRIPE_SHIFT and (STRIPES - 1)]
        synchronized(stripe) {
            val previous = job.previous
            val next = job.next
            if (previous == null) {
                // Only the first job of the list has no predecessor. A refused job is not in the
                // list.
                if (stripe.first !== job) return false
                stripe.first = next
            } else {
                previous.next = next
            }
            next?.previous = previous
            job.previous = null
            job.next = null
            return stripe.first == null
        }
    }

    /**
     * Returns how many jobs were ever added, or -1 if there is one now. The result holds for one
     * moment in the whole scope.
     */
    fun addedIfEmpty(): Long = addedIfEmptyFrom(0)

    fun isEmpty(): Boolean = addedIfEmpty() >= 0

    private fun addedIfEmptyFrom(index: Int): Long {
        if (index == STRIPES) return 0
        val stripe = stripes[index]
        synchronized(stripe) {
            if (stripe.first != null) return -1
            val others = addedIfEmptyFrom(index + 1)
            return if (others < 0) -1 else others + stripe.added
        }
    }

    fun snapshot(): MutableList<FutureJob<*>> {
        val jobs = ArrayList<FutureJob<*>>()
        for (stripe in stripes) stripe.forEach { it.addTo(jobs) }
        return jobs
    }

    /**
     * Returns the jobs without the children of groups, roughly in the order in which they were
     * added.
     */
    fun listed(): List<FutureJob<*>> {
        val byStripe = stripes.map { stripe ->
            val jobs = ArrayList<FutureJob<*>>()
            stripe.forEach(jobs::add)
            jobs.asReversed()
        }
        val longest = byStripe.maxOf { it.size }
        return (0 until longest).flatMap { place -> byStripe.mapNotNull { it.getOrNull(place) } }
    }

    private inline fun Stripe.forEach(visit: (FutureJob<*>) -> Unit) =
        synchronized(this) {
            var job = first
            while (job != null) {
                visit(job)
                job = job.next
            }
        }

    companion object {
        private const val STRIPES = 16
        private const val STRIPE_SHIFT = 8

        /** Bit in [FutureJob.bits]: the job was added to a list, and must be removed from it. */
        const val LISTED = 0x20
    }
}
