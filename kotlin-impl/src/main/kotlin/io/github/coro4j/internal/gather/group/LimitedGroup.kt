package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobBits.DISPATCHED
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.exceptionOf
import java.util.concurrent.atomic.AtomicInteger

/**
 * A group that runs at most as many children at once as it has permits. The thread that ends a
 * child gives its permit to the next item: directly if the items are [StoredItems], otherwise by a
 * [ItemReaderJob], because reading the items runs user code.
 */
internal class LimitedGroup<T, R>(
    bodies: Bodies<T>,
    private val items: ItemSource,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : IncrementalGroup<T, R>(bodies, policy, settings) {
    private val concurrency = settings.concurrency
    private val permits = AtomicInteger(concurrency)

    /**
     * Number of open requests to give out permits. The thread of the first request also answers
     * those that come meanwhile, so only one thread at a time gives permits out.
     */
    private val asked = AtomicInteger()

    /** Children that were made before their turn, to be shown or ended. Guarded by the lock. */
    private val early = ArrayDeque<ItemJob<T>>()

    /** The job that reads the items, from its start until it has ended. */
    @Volatile private var feed: ItemReaderJob? = null

    override val size: Int
        get() = if (items is ReadItems && items.isAtEnd) made else items.size

    override val known: Int
        get() = if (items is ReadItems) made else items.size

    override val unmade: Int
        get() = (items as? StoredItems)?.left ?: 0

    fun begin(): JobHandle<R> {
        scope.list(this, "gather")
        giveOut()
        startTimer()
        return handle()
    }

    override fun ended(job: FutureJob<*>) {
        gone(job)
        if (job is ItemReaderJob) {
            feed = null
            // After a failure or a cancel the reading does not go on.
            if (exceptionOf(job) != null) (items as ReadItems).end()
            // If the group cannot show the failure, it stays unread, and is reported like that of a
            // body.
            job.failed?.let { if (breakOff(it.exception)) job.markRead() }
        } else {
            @Suppress("UNCHECKED_CAST") val child = job as ItemJob<T>
            try {
                memberEnded(child)
            } finally {
                // Permits count bodies that were handed over. The body ends before its job does
                // (R22).
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
     * Gives out permits. An executor that runs a body on the spot calls this again from the end of
     * that body, so this must not recurse.
     */
    private fun giveOut() {
        if (asked.getAndIncrement() != 0) return
        var answered = 1
        while (true) {
            try {
                while (giveNext()) continue
            } catch (e: Throwable) {
                breakOff(e) // an error of the JVM; cancels the children that were made
            }
            answered = asked.addAndGet(-answered)
            if (answered == 0) return
        }
    }

    /**
     * Gives out one permit. Returns false if there is nothing to do until another permit is free.
     */
    private fun giveNext(): Boolean {
        if (isStopping || isAllGiven()) {
            if (feed == null) endOfItems()
            return false
        }
        if (permits.get() == 0 || feed != null) return false
        if (items is StoredItems) {
            start(next(items) ?: return true)
        } else {
            val job = ItemReaderJob(this) { inContext(feed!!, ::read) }
            feed = job
            add(job)
            cancelIfStopping(job)
            job.dispatch()
        }
        return true
    }

    /** Returns whether no item is left. Takes the lock that guards the move of items to [early]. */
    private fun isAllGiven() = items.isAtEnd && synchronized(lock) { early.isEmpty() }

    private fun next(items: StoredItems): ItemJob<T>? =
        synchronized(lock) { early.removeFirstOrNull() ?: items.next()?.let(::make) }

    private fun start(child: ItemJob<T>) {
        permits.decrementAndGet()
        cancelIfStopping(child)
        // The child was cancelled before it got its permit, so the next one may have the permit.
        if (!child.dispatch(DISPATCHED)) permits.incrementAndGet()
    }

    /** The body of an [ItemReaderJob]: reads items while there are permits. */
    private fun read() {
        if (isStopping) return
        val iterator = (items as ReadItems).iterator()
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

    /** The members. If the policy shows unbegun children, this makes them. */
    override val members: List<FutureJob<T>>
        get() {
            if (showsUnbegun && !isStopping) makeAll()
            return super.members
        }

    private fun makeAll(): List<ItemJob<T>> {
        if (items !is StoredItems) return emptyList()
        val waiting =
            synchronized(lock) {
                while (true) early.addLast(make(items.next() ?: break) ?: break)
                early.toList()
            }
        waiting.forEach(::cancelIfStopping)
        return waiting
    }

    override fun nameOf(job: FutureJob<*>): String =
        if (job is ItemReaderJob) "${name()}.${(items as ReadItems).parameter}"
        else super.nameOf(job)

    /**
     * Visits the child that holds the only permit. With several permits any holder can end the
     * wait.
     */
    override fun holdersOfPermits(visit: (Awaitable) -> Unit) {
        if (concurrency == 1)
            for (job in reachable) if ((job as? ItemJob<*>)?.wasDispatched == true) visit(job)
    }
}
