package io.github.coro4j.internal

import java.util.concurrent.atomic.AtomicInteger

/**
 * A group that starts at most so many children at once. Whoever frees a permit gives it to the next
 * item, on its own thread if the items are [Stored], and else by a [FeedJob], since to read them is
 * to run user code.
 */
internal class LimitedGather<T, R>(
    bodies: Bodies<T>,
    private val items: Items,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : GrowingGather<T, R>(bodies, policy, settings) {
    private val limit = settings.limit
    private val permits = AtomicInteger(limit)

    /** One thread at a time gives permits out, and does so for those who come meanwhile. */
    private val asked = AtomicInteger()

    /** Made before their turn, because somebody wanted to see them. Under the lock. */
    private val early = ArrayDeque<ItemJob<T>>()

    /** The one that reads the items, from when it is made until it has ended. */
    @Volatile private var feed: FeedJob? = null

    override val size: Int
        get() = if (items is Read && items.isAtEnd) made else items.size

    override val known: Int
        get() = if (items is Read) made else items.size

    override val unmade: Int
        get() = (items as? Stored)?.left ?: 0

    fun begin(): FutureHandle<R> {
        scope.list(this, "gather")
        giveOut()
        startTimer()
        return handle()
    }

    override fun ended(job: FutureJob<*>) {
        gone(job)
        if (job is FeedJob) {
            feed = null
            // Whatever has become of the reading, it does not go on.
            if (exceptionOf(job) != null) (items as Read).end()
            // Else nobody has heard of it, and it is reported like a body's.
            job.failed?.let { if (breakOff(it.exception)) job.markRead() }
        } else {
            @Suppress("UNCHECKED_CAST") val child = job as ItemJob<T>
            try {
                memberEnded(child)
            } finally {
                // Permits count bodies that were handed over, and a body has ended before its job
                // has (R22).
                if (child.wasDispatched) permits.incrementAndGet()
                goOn()
            }
            return
        }
        goOn()
    }

    private fun goOn() {
        giveOut()
        countEnded(1)
    }

    override fun stopped() = giveOut()

    /**
     * An executor that runs a body on the spot comes back here from the end of that body, and must
     * not recurse.
     */
    private fun giveOut() {
        if (asked.getAndIncrement() != 0) return
        var answered = 1
        while (true) {
            try {
                while (giveNext()) continue
            } catch (e: Throwable) {
                breakOff(e) // an error of the JVM; what was made is cancelled
            }
            answered = asked.addAndGet(-answered)
            if (answered == 0) return
        }
    }

    /** False if there is nothing to do before another permit is free. */
    private fun giveNext(): Boolean {
        if (isStopping || isAllGiven()) {
            if (feed == null) endOfItems()
            return false
        }
        if (permits.get() == 0 || feed != null) return false
        if (items is Stored) {
            start(next(items) ?: return true)
        } else {
            val job = FeedJob(this) { carrying(feed!!, ::read) }
            feed = job
            add(job)
            cancelIfStopping(job)
            job.dispatch()
        }
        return true
    }

    /** Under the lock, under which others are moved from the items to [early]. */
    private fun isAllGiven() = items.isAtEnd && synchronized(lock) { early.isEmpty() }

    private fun next(items: Stored): ItemJob<T>? =
        synchronized(lock) { early.removeFirstOrNull() ?: items.next()?.let(::make) }

    private fun start(child: ItemJob<T>) {
        permits.decrementAndGet()
        cancelIfStopping(child)
        // Cancelled before it got its permit: the next one may have it.
        if (!child.dispatch(BodyJob.DISPATCHED)) permits.incrementAndGet()
    }

    /** The body of a [FeedJob]: reads items while there are permits. */
    private fun read() {
        if (isStopping) return
        val iterator = (items as Read).iterator()
        while (permits.get() > 0 && !isStopping) {
            if (!iterator.hasNext()) return items.end()
            val item: Any? = iterator.next()
            if (isStopping) return
            val index = made
            requireArgument(item, "${items.parameter}[$index]") {
                "${toLabel()} was stopped; leave it out of what the iterator gives"
            }
            start(make(item!!) ?: return)
        }
    }

    override fun forgetChildren() {
        super.forgetChildren()
        synchronized(lock) {
            early.clear()
            items.forget()
        }
    }

    override fun makeUnmade() {
        makeAll()
    }

    /** So that the children that have not begun can be seen. */
    override val members: List<FutureJob<T>>
        get() {
            if (showsUnbegun && !isStopping) makeAll()
            return super.members
        }

    private fun makeAll(): List<ItemJob<T>> {
        if (items !is Stored) return emptyList()
        val waiting =
            synchronized(lock) {
                while (true) early.addLast(make(items.next() ?: break) ?: break)
                early.toList()
            }
        waiting.forEach(::cancelIfStopping)
        return waiting
    }

    override fun nameOf(job: FutureJob<*>): String =
        if (job is FeedJob) "${name()}.${(items as Read).parameter}" else super.nameOf(job)

    /** With several permits it is whoever ends first. */
    override fun holdersOfPermits(visit: (Awaited) -> Unit) {
        if (limit == 1)
            for (job in reachable) if ((job as? ItemJob<*>)?.wasDispatched == true) visit(job)
    }
}
