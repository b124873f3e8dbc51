package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import java.util.concurrent.atomic.AtomicInteger

/**
 * Runs at most as many children at once as there are permits. The thread that ends a child gives
 * its permit to the next item: directly if the items are stored, otherwise by a job of the
 * [ItemReader], because reading the items runs user code.
 */
internal class LimitedSource<T>(
    body: ItemBody<T>,
    private val items: ItemSource,
    private val concurrency: Int,
    limit: SharedLimit? = null,
) : BodiesSource<T>(body, expected = 1) {
    private val list = MemberList(this)
    private val permits = AtomicInteger(concurrency)

    /** The place at a limit that this group shares with others, or null. */
    private val shared: GroupPermit? = limit?.let { GroupPermit(it, ::giveOutAside) }

    override val limit: SharedLimit?
        get() = shared?.limit

    /** Reads the items; null if they are stored. */
    private val reader: ItemReader? = items.readerFor(this)

    /**
     * Number of open requests to give out permits. The thread of the first request also answers
     * those that come meanwhile, so only one thread at a time gives permits out.
     */
    private val requests = AtomicInteger()

    /**
     * Children that were made before their turn: to be shown or ended, or because their item was
     * read before there was a shared permit. Guarded by the lock of the list.
     */
    private val early = ArrayDeque<FutureJob<T>>()

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

    override val isOpen: Boolean
        get() = list.isOpen

    override val unmade: Int
        get() = list.locked { items.left } // the lock guards the move of an item to the list

    override fun makeUnmade() {
        val waiting = list.locked {
            while (true) early.addLast(make(items.nextStored() ?: break) ?: break)
            early.toList()
        }
        waiting.forEach(list::cancelIfStopping)
    }

    private fun make(item: Any): FutureJob<T>? = list.addNext(item)

    /**
     * Visits the child that holds the only permit. With several permits any holder can end the
     * wait.
     */
    override fun holdersOfPermits(visit: (Awaitable) -> Unit) {
        if (concurrency == 1)
            for (job in reachable) if ((job as? GroupChild)?.wasDispatched == true) visit(job)
        limit?.visitHolder(visit)
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        super.dependencies(visit)
        if (waitsForPermit) limit?.visitHolder(visit)
    }

    override val waitsForPermit: Boolean
        get() = shared?.isWaiting == true

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
            if (!isReading) {
                shared?.giveBack()
                list.end()
            }
            return false
        }
        if (permits.get() == 0 || isReading) return false
        // An item that was read waits for its shared permit before the next one is read.
        if (reader != null && hasNoEarly()) reader.start()
        else if (hold()) start(nextChild() ?: return true) else return false
        return true
    }

    /** Returns whether no item is left. Takes the lock that guards the move of items to [early]. */
    private fun isAllGiven() = items.isAtEnd && hasNoEarly()

    private fun hasNoEarly() = list.locked { early.isEmpty() }

    private fun hold() = shared?.hold() ?: true

    private fun nextChild(): FutureJob<T>? = list.locked {
        early.removeFirstOrNull() ?: items.nextStored()?.let(::make)
    }

    private fun start(child: FutureJob<T>) {
        permits.decrementAndGet()
        list.cancelIfStopping(child)
        // An executor may run the child on the spot, so pass the permit on before. Queue for the
        // next one before, too, so that the group keeps its turn however soon the child ends.
        shared?.use(child)
        if (shared != null && permits.get() > 0 && (items.left > 0 || !hasNoEarly())) hold()
        if (child.asChild.begin()) return
        // The child was cancelled before it got its permit, so the next one may have the permit.
        permits.incrementAndGet()
        shared?.takeBack()
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
        val child = make(item) ?: return false
        if (hold()) {
            start(child)
            return true
        }
        list.locked { early.addLast(child) }
        list.cancelIfStopping(child)
        return false
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
            if (job.asChild.wasDispatched) {
                permits.incrementAndGet()
                limit?.release()
            }
            goOnAside()
        }
    }

    private fun goOn() {
        giveOut()
        countEnded(1)
    }

    /**
     * Calls [goOn]. Any thread may end a child that follows a future, and may hold a lock of the
     * user. If an executor of the user may run the next child on the spot, a thread of the engine
     * hands it over.
     */
    private fun goOnAside() = if (body.isAsync) aside(::goOn) else goOn()

    /** Gives out a permit of the shared limit, which any thread may have returned. */
    private fun giveOutAside() = aside(::giveOut)

    private inline fun aside(crossinline step: () -> Unit) {
        if (scope.onlyQueues) step() else scope.executeHoldingOpen(scope.engine.pool) { step() }
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
