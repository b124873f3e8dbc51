package io.github.coro4j.internal.scope

import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobBits.LISTED
import io.github.coro4j.internal.job.JobBits.SLOT_BITS
import io.github.coro4j.internal.job.JobBits.SLOT_SHIFT
import io.github.coro4j.internal.job.StartStamp
import io.github.coro4j.internal.job.ThreadStates
import java.util.concurrent.atomic.AtomicLongArray
import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * The jobs of one scope that have not ended. A start takes a lock only to add a [Chunk] for the
 * next sixteen jobs, and an end only to unlink chunks.
 *
 * A thread uses the [Stripe] whose index is its number modulo eight. A thread that adds a job draws
 * a ticket of its stripe: it increments the count of tickets. The ticket is a slot of a chunk, in
 * which the thread then stores the job, or [GONE] if the scope is closed. The thread that ends the
 * job counts it as ended in its own stripe, whichever stripe lists the job, then stores [GONE].
 *
 * Why this suffices:
 * 1. A ticket is drawn before its job can be seen, and the job is counted as ended once, after its
 *    end. Both counts only grow.
 * 2. Empty: the reader sums up the ended jobs first, then the tickets. If the sums are equal, then
 *    at each moment between the two readings `ended >= first sum = second sum >= drawn >= ended`.
 *    So the list was empty between them. The reverse order would be wrong: if a job starts and ends
 *    between the readings, its end makes up for a job that was there all the time.
 * 3. Start against close: the draw is a compare-and-set, followed by a volatile read of the scope's
 *    state. The close writes that state, then reads the counts. So either the start sees the close,
 *    or the close sees the ticket. A refused start wakes the waiters, which may have counted its
 *    ticket.
 * 4. Start against cancel: the cancel writes the state of the supervisor, then reads the counts. So
 *    either it visits the slot, or the start sees the cancel after its store.
 * 5. End against wait: the addition is atomic, followed by a volatile read of the waiters. A waiter
 *    subscribes, then reads the counts. So either the end sees the waiter, or the waiter sees the
 *    end.
 * 6. A reader that finds an empty slot waits for it, because the thread that has drawn the ticket
 *    is a few instructions away from the store.
 * 7. A chunk leaves the list when all its slots are [GONE], and only under the lock of its stripe.
 *    So a thread that holds a ticket still finds its chunk. The newest chunk stays.
 */
internal class JobList(
    /**
     * True to keep the order of the jobs. Only for tests, because all threads then share a line.
     */
    private val isOrdered: Boolean = false
) {
    /** The slots of sixteen tickets, in order. A slot holds null, then a job or [GONE]. */
    class Chunk(@JvmField val number: Long) : AtomicReferenceArray<Any?>(SLOTS) {
        /** The chunk before this one in the list of its stripe. Guarded by the stripe. */
        @JvmField internal var older: Chunk? = null

        internal val isGone: Boolean
            get() = (0 until SLOTS).all { get(it) === GONE }
    }

    /**
     * Tickets for the threads with one remainder of their numbers. Two counts, each on a cache line
     * of its own: the tickets drawn here, and the jobs that these threads have ended, which may be
     * of any stripe.
     */
    private class Stripe : AtomicLongArray(3 * LINE) {
        /** The newest chunk, which stays in the list. Written under the lock. */
        @Volatile @JvmField var newest: Chunk? = null

        /** Number of chunks in the list. Written under the lock. */
        @Volatile @JvmField var length = 0

        /**
         * Returns the chunk of the next ticket, [ticket], and makes it if need be. If another
         * thread has drawn [ticket] meanwhile, this may return another chunk.
         */
        fun chunkFor(ticket: Long): Chunk {
            val number = ticket ushr SLOT_BITS
            val seen = newest
            if (seen != null && seen.number == number) return seen
            synchronized(this) {
                val last = newest
                // All tickets of the chunks before were drawn after their chunks had been made.
                if (last != null && last.number >= number) return last
                val made = Chunk(number)
                made.older = last
                length++
                newest = made
                return made
            }
        }

        @Synchronized
        fun unlinkGone() {
            var newer = newest ?: return
            var chunk = newer.older
            while (chunk != null) {
                val older = chunk.older
                if (chunk.isGone) {
                    newer.older = older
                    chunk.older = null // else a job that holds one chunk would hold all before it
                    length--
                } else newer = chunk
                chunk = older
            }
        }

        @Synchronized
        fun chunks(): List<Chunk> = generateSequence(newest) { it.older }.toList().asReversed()

        /** Visits the jobs, the oldest first. */
        inline fun forEach(visit: (FutureJob<*>) -> Unit) {
            val end = get(DRAWN)
            for (chunk in chunks()) {
                for (slot in 0 until SLOTS) {
                    if ((chunk.number shl SLOT_BITS) + slot >= end) return
                    // The thread that has drawn the ticket is about to store.
                    while (chunk.get(slot) == null) Thread.yield()
                    (chunk.get(slot) as? FutureJob<*>)?.let(visit)
                }
            }
        }
    }

    /** The stripes. Each is made on first use, because most scopes serve few threads. */
    private val stripes = AtomicReferenceArray<Stripe?>(STRIPES)

    private fun stripe(): Stripe {
        val index =
            if (isOrdered) 0 else ThreadStates.numberOf(Thread.currentThread()) and (STRIPES - 1)
        return stripes.get(index) ?: makeStripe(index)
    }

    private fun makeStripe(index: Int): Stripe {
        stripes.compareAndSet(index, null, Stripe())
        return stripes.get(index)!!
    }

    /**
     * Adds [job], unless its scope is closed. Returns false if it is; then [isEmpty] may have
     * become true.
     */
    fun add(job: FutureJob<*>, isShared: Boolean): Boolean {
        val scope = job.scope
        val stamp = StartStamp.stamp(scope.time.coarseNanos())
        val stripe = stripe()
        var ticket: Long
        var chunk: Chunk
        do {
            ticket = stripe.get(DRAWN)
            // The chunk is made before the ticket is drawn, so a full heap loses no ticket. The
            // draw needs more stack than the steps after it, so a full stack loses none either.
            chunk = stripe.chunkFor(ticket)
        } while (!stripe.compareAndSet(DRAWN, ticket, ticket + 1))
        val slot = ticket.toInt() and (SLOTS - 1)
        // publish, then re-check: pairs with ScopeLifecycle.close, which sums up the tickets
        if (!scope.isOpen()) {
            chunk.lazySet(slot, GONE)
            countGone(stripe)
            return false
        }
        job.spot = chunk
        val place = LISTED or (slot shl SLOT_SHIFT) or stamp
        if (isShared) job.note(place) else job.noteUnshared(place)
        chunk.lazySet(slot, job)
        return true
    }

    /** Removes [job], which only one thread does. Then [isEmpty] may have become true. */
    fun remove(job: FutureJob<*>) {
        val chunk = job.spot as? Chunk ?: return
        job.spot = null
        // Count first. The store waits for its cache line, and an addition after it would wait too.
        countGone(stripe())
        chunk.lazySet(slotOf(job), GONE)
    }

    /** Does what [remove] does, for a job that several threads remove. */
    fun removeOnce(job: FutureJob<*>) {
        val chunk = job.spot as? Chunk ?: return
        if (!chunk.compareAndSet(slotOf(job), job, GONE)) return
        job.spot = null
        countGone(stripe())
    }

    private fun slotOf(job: FutureJob<*>) = job.bits ushr SLOT_SHIFT and (SLOTS - 1)

    private fun countGone(stripe: Stripe) {
        if (stripe.incrementAndGet(ENDED) and (SLOTS - 1L) == 0L) sweepIfSparse()
    }

    /**
     * Unlinks the chunks without a job if they are more than half. So each chunk is checked twice
     * on average. A scope that has held a million jobs keeps no more chunks than one that has held
     * some hundred.
     */
    private fun sweepIfSparse() {
        var length = 0
        eachStripe { length += it.length }
        if (length <= FEW) return
        val ended = sum(ENDED)
        if (length > FEW + 2 * (sum(DRAWN) - ended)) eachStripe { it.unlinkGone() }
    }

    /**
     * Returns how many tickets were ever drawn, or -1 if there is a job now. The result holds for
     * one moment in the whole scope: both sums only grow, and a job is drawn before it is gone. So
     * if the first sum equals the second, nothing changed in between.
     */
    fun addedIfEmpty(): Long {
        val ended = sum(ENDED)
        val drawn = sum(DRAWN)
        return if (ended == drawn) drawn else -1
    }

    fun isEmpty(): Boolean = addedIfEmpty() >= 0

    private fun sum(count: Int): Long {
        var sum = 0L
        eachStripe { sum += it.get(count) }
        return sum
    }

    private inline fun eachStripe(visit: (Stripe) -> Unit) {
        for (index in 0 until STRIPES) stripes.get(index)?.let(visit)
    }

    fun snapshot(): MutableList<FutureJob<*>> {
        val jobs = ArrayList<FutureJob<*>>()
        eachStripe { stripe -> stripe.forEach { it.addTo(jobs) } }
        return jobs
    }

    /**
     * Returns the jobs without the children of groups, roughly in the order in which they were
     * added: exactly, for those that one thread has added.
     */
    fun listed(): List<FutureJob<*>> {
        val byStripe = ArrayList<List<FutureJob<*>>>()
        eachStripe { stripe ->
            val jobs = ArrayList<FutureJob<*>>()
            stripe.forEach(jobs::add)
            byStripe.add(jobs)
        }
        val longest = byStripe.maxOfOrNull { it.size } ?: 0
        return (0 until longest).flatMap { place -> byStripe.mapNotNull { it.getOrNull(place) } }
    }

    private companion object {
        const val STRIPES = 8
        const val SLOTS = 1 shl SLOT_BITS

        /** Number of chunks up to which the list does not check for chunks without a job. */
        const val FEW = 16

        /** Number of longs in a cache line. */
        const val LINE = 8

        /** The places of the two counts in a [Stripe]. */
        const val DRAWN = LINE
        const val ENDED = 2 * LINE

        /** In a slot whose job has ended or was refused. */
        val GONE = Any()
    }
}
