package io.github.coro4j.internal

import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ForkJoinTask
import java.util.concurrent.atomic.AtomicIntegerArray
import java.util.concurrent.atomic.AtomicReference
import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * Children that may all run at once, on an executor whose threads take body after body anyway,
 * without handing each of them over: a thread that comes calls for another one, if items are left,
 * and takes one item after the other. While every thread blocks, the one that was called is in the
 * executor's queue; so there are as many bodies under way as there are threads, as if each had been
 * handed over, and where bodies are short, the hand-overs are saved. A child is made by the thread
 * that runs it, which then has it in its cache.
 *
 * What a queue promises is kept: bodies begin in their order, so that neighbours may wait for each
 * other where there are threads enough for them; and before work that is handed over later.
 *
 * One call stands for all that is left, so it must not be lost. The `ForkJoinPool` of JDK 17 loses
 * one in some thousands, of a thread that is just going idle while the caller goes on to block.
 * Therefore the [CoarseClock] repeats a call that nobody answers.
 */
internal class CrewGather<T, R>(
    bodies: Bodies<T>,
    items: Array<Any?>,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : OwnedGather<T, R>(bodies, policy, settings, expected = items.size), Runnable, TickListener {
    override val size: Int = items.size

    /**
     * Items, and the children that were made of them. Neighbours are not neighbours here: threads
     * that take turns at them would take the same cache lines from each other.
     */
    private val rows = (size + COLUMNS - 1) / COLUMNS
    @Volatile private var slots = AtomicReferenceArray<Any?>(rows * COLUMNS)

    /** The next item. Who moves it beyond some of them has those alone. */
    private val cursorLine = AtomicIntegerArray(2 * LINE + 1)

    /**
     * A thread was called for, by this one or from [OUTSIDE], and has not come. A worker's own call
     * is in its own queue.
     */
    private val caller = AtomicReference<Any?>(Thread.currentThread())

    private val isCalled: Boolean
        get() = caller.get() != null

    /** How many ticks have passed since [isCalled] was last seen false. By the clock alone. */
    private var unanswered = 0

    /** A user's; it may be shut down, and its workers have queues of their own. */
    private val pool = scope.executor as? ForkJoinPool

    init {
        val all = slots
        for (index in items.indices) all.lazySet(slotOf(index), items[index])
    }

    private fun slotOf(index: Int) = (index and COLUMNS - 1) * rows + (index ushr COLUMN_BITS)

    // ---- members

    private fun made(index: Int): ItemJob<T>? {
        val all = slots
        @Suppress("UNCHECKED_CAST")
        return if (all === NONE) null else all.get(slotOf(index)) as? ItemJob<T>
    }

    override fun forgetEnded() {
        // Those that others want to see are gone over once more by [cursor].
        if (showsUnbegun) return
        val all = slots
        for (index in 0 until size) {
            val slot = slotOf(index)
            if ((all.get(slot) as? FutureJob<*>)?.isCompleted == true) all.lazySet(slot, null)
        }
    }

    override fun forgetChildren() {
        slots = NONE
        caller.set(null) // the user's thread, perhaps
    }

    override val members: List<FutureJob<T>>
        get() {
            val all = ArrayList<FutureJob<T>>(size)
            for (index in 0 until size) made(index)?.let(all::add)
            return all
        }

    override val unmade: Int
        get() = (size - cursorLine.get(LINE)).coerceAtLeast(0)

    override val unmadeProgress: Progress
        get() = Progress.QUEUED

    /** Whoever has the item makes the child. */
    private fun make(index: Int): ItemJob<T> {
        val slot = slotOf(index)
        val child =
            try {
                ItemJob(this, index, slots.get(slot)!!).apply { queueUnshared() }
            } catch (e: Throwable) {
                // An error of the JVM, such as a full heap: nobody else has this item.
                breakOff(e)
                countEnded(1)
                throw e
            }
        // Published first, then looked: who stops the group cancels this, or is seen here.
        slots.set(slot, child)
        if (isStopping) child.cancelUnbegun(stopReason)
        return child
    }

    /**
     * Returns the child of an item that the calling thread has taken. Null if the group is over:
     * where all children were made at the start, a cancel ends them before their turn.
     */
    private fun childAt(index: Int): ItemJob<T>? =
        made(index) ?: if (slots === NONE) null else make(index)

    /** All that were left are this thread's. */
    private inline fun takeAll(each: (Int) -> Unit) {
        var index = cursorLine.getAndSet(LINE, size)
        try {
            while (index < size) each(index++)
        } finally {
            // An error of the JVM: what was taken here is nobody else's to end.
            if (index < size) countEnded(size - index)
        }
    }

    override fun makeUnmade() = takeAll { make(it) }

    private fun refuseAll(exception: Throwable) = takeAll { childAt(it)?.refused(exception) }

    /** What has not been made ends here, without having been anybody; the others are cancelled. */
    override fun stopped() {
        if (showsUnbegun) return
        val from = cursorLine.getAndSet(LINE, size)
        val all = slots
        for (index in from until size) all.lazySet(slotOf(index), null)
        if (from < size) countEnded(size - from)
    }

    override fun aUnbegunBody(): BodyJob<*>? = takeNext()?.let(::childAt)

    private fun takeNext(): Int? {
        // So that it does not overflow, however often it is asked.
        if (cursorLine.get(LINE) >= size) return null
        return cursorLine.getAndIncrement(LINE).takeIf { it < size }
    }

    // ---- start

    fun begin(): FutureHandle<R> {
        // Others want to see them all, and [cursor] goes over them once more.
        if (showsUnbegun) for (index in 0 until size) make(index)
        scope.list(this, "gather")
        call()
        startTimer()
        return handle()
    }

    private fun call() {
        scope.engine.clock.listen(this)
        while (true) {
            try {
                return scope.executor.execute(this)
            } catch (e: Throwable) {
                // An executor that ran this and then threw has done its part.
                if (!isCalled) return
                // Else it has refused a body, and the next one gets another chance.
                val refused = aUnbegunBody() ?: return
                refused.refused(e)
            }
        }
    }

    override fun run() = Runner.use { run(it) }

    private fun run(runner: Runner) {
        // A body on this stack waits for something of its pool's, and has found this call. What
        // runs on its stack must have nothing to do with it: it may hold a lock.
        if (runner.current != null) return callFromOutside()
        caller.set(null) // whoever has called
        try {
            tallied(runner) { takeBodies(runner) }
        } catch (e: Throwable) {
            // What a body throws is its end; this is an error of the JVM, in our own frames.
            if (!callAnother()) refuseAll(e)
            throw e
        }
    }

    private fun takeBodies(runner: Runner) {
        while (true) {
            if (pool != null && mustLeave(pool)) return
            // Once for each thread that comes beyond the end.
            val index = cursorLine.getAndIncrement(LINE)
            if (index >= size) return scope.engine.clock.forget(this)
            val body = childAt(index) ?: return scope.engine.clock.forget(this)
            // Claim an item before calling another worker. A worker that finds none left exits.
            if (index + 1 < size) callAnother()
            body.runOn(runner, foreignThread = false)
            if (runner.tally == STRETCH) tell(runner)
        }
    }

    private fun mustLeave(pool: ForkJoinPool): Boolean {
        if (pool.isTerminating) {
            // After shutdownNow() the pool begins nothing new, and silently drops work that one of
            // its own threads submits.
            callFromOutside()
            return true
        }
        if (pool.isShutdown || !hasWorkOfItsOwn()) return false
        // A worker runs what a body has forked before it takes work from outside. The next body may
        // wait for that forked work.
        if (caller.compareAndSet(null, OUTSIDE)) callFromOutside()
        return true
    }

    private fun hasWorkOfItsOwn(): Boolean =
        ForkJoinTask.getQueuedTaskCount() > if (caller.get() === Thread.currentThread()) 1 else 0

    override fun ticked(): Boolean {
        if (cursorLine.get(LINE) >= size) return false
        unanswered = if (isCalled) unanswered + 1 else 0
        // Repeat the call after two ticks, then after twice as many each time. If all threads are
        // busy, repeated calls must not fill the executor's queue.
        if (unanswered > 1 && (unanswered.countOneBits() == 1 || pool?.isTerminated == true))
            callFromOutside()
        return true
    }

    /** Calls a worker from another thread, so that this thread does not take the call itself. */
    private fun callFromOutside() {
        caller.set(OUTSIDE)
        if (pool == null) return scope.engine.clock.soon(::callHere)
        try {
            // A pool of the user may run user code to create a thread, which must not happen on the
            // clock's thread.
            scope.engine.duties.execute(::callHere)
        } catch (e: Throwable) {
            // The JVM has no thread left. The clock repeats the call.
        }
    }

    fun callHere() {
        try {
            scope.executor.execute(this)
        } catch (e: Throwable) {
            // After shutdown() the pool still runs what it has. The clock repeats the call.
            if (pool != null && pool.isShutdown && !pool.isTerminating && !pool.isTerminated) return
            // The pool dropped the call or has no thread, now or later.
            if (isCalled) refuseAll(e)
        }
    }

    /** Calls another worker. Returns false if there is no thread, so this worker must go on. */
    private fun callAnother(): Boolean {
        if (isCalled || !caller.compareAndSet(null, Thread.currentThread())) return true
        try {
            scope.executor.execute(this)
            return true
        } catch (e: Throwable) {
            caller.set(null)
            return false
        }
    }

    // ---- ends

    override fun ended(job: FutureJob<*>) {
        @Suppress("UNCHECKED_CAST") val child = job as ItemJob<T>
        try {
            memberEnded(child)
        } finally {
            if (!keepsMembers || isCompleted && !showsUnbegun)
                slots.lazySet(slotOf(child.index), null)
            val runner = Runner.orNull()
            if (runner != null && runner.tallyFor === this) runner.tally++ else countEnded(1)
        }
    }

    /**
     * Counts the ends in [run] some at a time: the count is one cache line for all threads. It
     * needs none of them while [run] is inside one of its members. Not where listeners are told of
     * each end: they may run here, and look at the group.
     */
    private inline fun tallied(runner: Runner, run: () -> Unit) {
        if (scope.taskListeners != null) return run()
        // A body may run a crew on its own stack, where an executor runs on the spot.
        val outer = runner.tallyFor
        val outerTally = runner.tally
        runner.tallyFor = this
        runner.tally = 0
        try {
            run()
        } finally {
            tell(runner)
            runner.tallyFor = outer
            runner.tally = outerTally
        }
    }

    private fun tell(runner: Runner) {
        val ended = runner.tally
        runner.tally = 0
        if (ended > 0) countEnded(ended)
    }

    companion object {
        /** A caller that is no worker. */
        private val OUTSIDE = Any()
        private val NONE = AtomicReferenceArray<Any?>(0)
        private const val COLUMN_BITS = 4
        private const val COLUMNS = 1 shl COLUMN_BITS
        private const val STRETCH = 32

        /** As many integers as a cache line has. */
        private const val LINE = 16

        /**
         * Whether the threads of the scope's executor take bodies one after the other anyway. An
         * executor of the user's may do something of its own around each body, and a virtual thread
         * has the thread-locals of one.
         */
        fun serves(scope: ScopeImpl): Boolean =
            scope.executor.javaClass.let {
                it === ForkJoinPool::class.java || it === GrowingPool::class.java
            }
    }
}
