package io.github.coro4j.internal.gather.group

import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobBits.DISPATCHED
import java.util.concurrent.atomic.AtomicInteger

/**
 * Runs at most as many children at once as there are permits. The thread that ends a child gives
 * its permit to the next item: directly if the items are stored, otherwise by a job of the
 * [ItemReader], because reading the items runs user code.
 */
internal class LimitedSource<T>(
    function: ThrowingFunction<Any, T>,
    private val items: ItemSource,
    private val concurrency: Int,
) : BodiesSource<T>(function, expected = 1) {
    private val list = MemberList(this)
    private val permits = AtomicInteger(concurrency)

    /** Reads the items; null if they are stored. */
    private val reader: ItemReader? = items.readerFor(this)

    /**
     * Number of open requests to give out permits. The thread of the first request also answers
     * those that come meanwhile, so only one thread at a time gives permits out.
     */
    private val requests = AtomicInteger()

    /**
     * Children that were made before their turn, to be shown or ended. Guarded by the lock of the
     * list.
     */
    private val early = ArrayDeque<ItemJob<T>>()

    // ---- members

    /** The members. If the policy shows unbegun children, this makes them. */
    override val members: List<FutureJob<T>>
        get() {
            if (group.policy.showsUnbegun && !group.isStopping) makeUnmade()
            return list.members
        }

    override val reachable: List<FutureJob<*>>
        get() = list.unended

    override val size: Int
        get() = if (items.size < 0 && items.isAtEnd) list.made else items.size

    override val known: Int
        get() = if (items.size < 0) list.made else items.size

    override val unmade: Int
        get() = items.left

    override fun makeUnmade() {
        val waiting = list.locked {
            while (true) early.addLast(make(items.nextStored() ?: break) ?: break)
            early.toList()
        }
        waiting.forEach(list::cancelIfStopping)
    }

    private fun make(item: Any): ItemJob<T>? = list.addNext(item, body)

    /**
     * Visits the child that holds the only permit. With several permits any holder can end the
     * wait.
     */
    override fun holdersOfPermits(visit: (Awaitable) -> Unit) {
        if (concurrency == 1)
            for (job in reachable) if ((job as? ItemJob<*>)?.wasDispatched == true) visit(job)
    }

    // ---- permits

    override fun start() = giveOut()

    override fun stopped() = giveOut()

    /**
     * Gives out permits. An executor that runs a body on the calling thread calls this again from
     * the end of that body, so this must not recurse.
     */
    private fun giveOut() {
        if (requests.getAndIncrement() != 0) return
        var answered = 1
        while (true) {
            try {
                while (giveNext()) continue
            } catch (e: Throwable) {
                group.breakOff(e) // an error of the JVM; cancels the children that were made
            }
            answered = requests.addAndGet(-answered)
            if (answered == 0) return
        }
    }

    /**
     * Gives out one permit. Returns false if there is nothing to do until another permit is free.
     */
    private fun giveNext(): Boolean {
        // Read this before the end of the items: pairs with ItemReader.ended.
        val isReading = reader != null && reader.isReading
        if (group.isStopping || isAllGiven()) {
            if (!isReading) list.end()
            return false
        }
        if (permits.get() == 0 || isReading) return false
        if (reader != null) reader.start() else start(nextChild() ?: return true)
        return true
    }

    /** Returns whether no item is left. Takes the lock that guards the move of items to [early]. */
    private fun isAllGiven() = items.isAtEnd && list.locked { early.isEmpty() }

    private fun nextChild(): ItemJob<T>? = list.locked {
        early.removeFirstOrNull() ?: items.nextStored()?.let(::make)
    }

    private fun start(child: ItemJob<T>) {
        permits.decrementAndGet()
        list.cancelIfStopping(child)
        // The child was cancelled before it got its permit, so the next one may have the permit.
        if (!child.dispatch(DISPATCHED)) permits.incrementAndGet()
    }

    // ---- the reader

    /** True if the reader must read on: there is a permit for the next item. */
    val wantsItem: Boolean
        get() = permits.get() > 0 && !group.isStopping

    /** Number of children that were made, which is the index of the next item. */
    val made: Int
        get() = list.made

    /** Starts the child of an [item] that was read. Returns false if there must not be another. */
    fun startRead(item: Any): Boolean {
        start(make(item) ?: return false)
        return true
    }

    /** Starts a job of the reader. */
    fun startReading(job: ItemReaderJob) {
        list.add(job)
        list.cancelIfStopping(job)
        job.dispatch()
    }

    /** Handles the end of a job of the reader. */
    fun readingEnded(job: ItemReaderJob) {
        list.remove(job)
        // If the group cannot show the failure, the failure stays unread, and is reported like the
        // failure of a body.
        job.failed?.let { if (group.breakOff(it.exception)) job.markRead() }
        goOn()
    }

    // ---- ends

    override fun ended(job: FutureJob<*>) {
        list.remove(job)
        childEnded(job) {
            // Permits count bodies that were handed over. The body ends before its job does (R22).
            if ((job as ItemJob<*>).wasDispatched) permits.incrementAndGet()
            goOn()
        }
    }

    private fun goOn() {
        giveOut()
        countEnded(1)
    }

    override fun forgetEnded() = list.forgetEnded()

    override fun forgetChildren() {
        list.forget()
        list.locked {
            early.clear()
            items.forget()
        }
    }
}
