package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.base.Refusable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.exceptionOf
import io.github.coro4j.internal.job.noting
import io.github.coro4j.internal.pool.GrowingPool
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.atomic.AtomicIntegerArray

/**
 * Runs children that may all run at once, without handing over each of them. The threads of its
 * executor take body after body anyway. A worker calls another worker if items are left, and then
 * takes one item after the other. While all workers block, the last call is in the executor's
 * queue. So as many bodies run as there are threads, as if each had been handed over, and short
 * bodies save the hand-overs. The thread that runs a child makes it, and then has it in its cache.
 *
 * This keeps what a queue promises. Bodies begin in their order, so neighbours may wait for each
 * other if there are enough threads. They also begin before work that is handed over later.
 *
 * One call stands for all items that are left, so it must not be lost. The `ForkJoinPool` of JDK 17
 * loses one call in some thousands, if a thread goes idle at that moment and the caller then
 * blocks. Therefore the [CoarseClock] repeats a call that no worker answers.
 */
internal class WorkerSource<T>(body: ItemBody<T>, items: Array<Any?>) :
    BodiesSource<T>(body, expected = items.size), Runnable, Refusable {
    override val size: Int = items.size

    /** Items, and the children that were made of them. */
    private val slots = ItemSlots(items)

    /** Index of the next item. The thread that moves it past items has claimed them. */
    private val cursorLine = AtomicIntegerArray(2 * LINE + 1)

    /** True if code outside of the group sees members that have not begun. */
    private val showsUnbegun: Boolean
        get() = group.policy.showsUnbegun

    internal lateinit var calls: WorkerCalls
        private set

    // ---- members

    @Suppress("UNCHECKED_CAST")
    private fun made(index: Int): ItemJob<T>? = slots.get(index) as? ItemJob<T>

    override fun forgetEnded() {
        // If others want to see unbegun children, the threads still have to go over all of them.
        if (showsUnbegun) return
        for (index in 0 until size) if (made(index)?.isCompleted == true) slots.clear(index)
    }

    override fun forgetChildren() {
        slots.release()
        calls.forget()
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

    /** Makes the child of an item. Call it only from the thread that claimed the item. */
    private fun make(index: Int): ItemJob<T> {
        val child =
            try {
                (newChild(index, slots.get(index)!!) as ItemJob<T>).apply { queueUnshared() }
            } catch (e: Throwable) {
                // After an error of the JVM, such as a full heap, count the item here, because no
                // other thread has it.
                slots.clear(index)
                group.breakOff(e)
                countEnded(1)
                throw e
            }
        // publish, then re-check: pairs with GroupJob.stop, whose caller sets the flag, then
        // cancels the published children
        slots.set(index, child)
        if (group.isStopping) child.cancelUnbegun(group.stopReason)
        return child
    }

    /**
     * Returns the child of an item that the calling thread has claimed, or null if the group is
     * over. If all children were made at the start, a cancel ends them before their turn.
     */
    private fun childAt(index: Int): ItemJob<T>? =
        made(index) ?: if (slots.isReleased) null else make(index)

    /** Claims all items that are left for this thread. */
    private inline fun takeAll(each: (Int) -> Unit) {
        var index = cursorLine.getAndSet(LINE, size)
        try {
            while (index < size) each(index++)
        } finally {
            // After an error of the JVM, count the items claimed here, because no other thread
            // does.
            if (index < size) countEnded(size - index)
        }
    }

    override fun makeUnmade() {
        takeAll(::make)
        // Other threads are about to make the children of the items that they have claimed.
        for (index in 0 until size) {
            while (slots.get(index).let { it != null && it !is ItemJob<*> }) Thread.yield()
        }
    }

    fun refuseAll(exception: Throwable) = takeAll { childAt(it)?.refused(exception) }

    /** Discards the items that never became children. The caller cancels the children. */
    override fun stopped() {
        if (showsUnbegun) return
        val from = cursorLine.getAndSet(LINE, size)
        for (index in from until size) slots.clear(index)
        if (from < size) countEnded(size - from)
    }

    override fun claimUnbegun(): BodyJob<*>? = takeNext()?.let(::childAt)

    private fun takeNext(): Int? {
        // The cursor must not overflow, however often this is called.
        if (cursorLine.get(LINE) >= size) return null
        return cursorLine.getAndIncrement(LINE).takeIf { it < size }
    }

    /** True if each item was claimed, so that no other worker is needed. */
    val isClaimed: Boolean
        get() = cursorLine.get(LINE) >= size

    // ---- start

    override fun attach(group: GroupJob<T, *>) {
        super.attach(group)
        calls = WorkerCalls(this)
        // If other code sees unbegun children, make all now. The threads go over them once more.
        if (showsUnbegun) for (index in 0 until size) make(index)
    }

    override fun start() = calls.begin()

    override fun run() = ThreadState.use { state -> scope.time.noting(state) { run(state) } }

    private fun run(state: ThreadState) {
        // A body on this stack waits for a task of its pool, and so has found this call. No other
        // body may run on its stack, because it may hold a lock.
        if (state.current != null) return calls.fromOutside()
        calls.answered()
        try {
            inBatches(state) { takeBodies(state) }
        } catch (e: Throwable) {
            // An exception of a body is its end, so this is an error of the JVM in the engine's own
            // frames.
            if (!calls.another()) refuseAll(e)
            throw e
        }
    }

    private fun takeBodies(state: ThreadState) {
        while (true) {
            if (calls.mustLeave()) return
            // Each thread moves the cursor past the end at most once.
            val index = cursorLine.getAndIncrement(LINE)
            if (index >= size) return calls.end()
            val body = childAt(index) ?: return calls.end()
            // Claim an item before calling another worker. A worker that finds none left exits.
            if (index + 1 < size) calls.another()
            body.runOn(state, foreignThread = false)
            if (state.batchedEnds == BATCH) flush(state)
        }
    }

    // ---- ends

    override fun ended(job: FutureJob<*>) {
        childEnded(job) {
            if (!group.policy.keepsMembers || group.isCompleted && !showsUnbegun)
                slots.clear((job as ItemJob<*>).index)
            val state = ThreadState.orNull()
            if (state != null && state.batchedFor === this) state.batchedEnds++ else countEnded(1)
        }
    }

    /**
     * Counts the ends in [run] in batches, because the count is one cache line for all threads. The
     * group does not need the exact count while [run] is inside a member. If there are task
     * listeners, it counts each end at once, because a listener may run here and look at the group.
     */
    private inline fun inBatches(state: ThreadState, run: () -> Unit) {
        if (!countsBatches) return run()
        // If an executor runs on the calling thread, a body may run another group on its stack.
        val outer = state.batchedFor
        val outerEnds = state.batchedEnds
        state.batchedFor = this
        state.batchedEnds = 0
        try {
            run()
        } finally {
            flush(state)
            state.batchedFor = outer
            state.batchedEnds = outerEnds
        }
    }

    private val countsBatches: Boolean
        get() = scope.taskListeners == null && !group.policy.endsByFew

    /** While ends are counted in batches, only a failure decides the group. */
    override val hasSeveralToReport: Boolean
        get() {
            if (!countsBatches) return super.hasSeveralToReport
            var left = 0
            for (index in 0 until size) {
                val child = (slots.get(index) ?: continue) as? ItemJob<*>
                if (child?.isDone != true) left++ else if (exceptionOf(child) != null) return true
                if (left > 1) return true
            }
            return false
        }

    private fun flush(state: ThreadState) {
        val ended = state.batchedEnds
        state.batchedEnds = 0
        if (ended > 0) countEnded(ended)
    }

    companion object {
        private const val BATCH = 32

        /** Number of integers in a cache line. */
        private const val LINE = 16

        /**
         * Returns whether the threads of the scope's executor take bodies one after the other
         * anyway. A user's executor may do something of its own around each body, and a virtual
         * thread has the thread-locals of one body.
         */
        fun serves(scope: JobScope): Boolean =
            scope.executor.javaClass.let {
                it === ForkJoinPool::class.java || it === GrowingPool::class.java
            }
    }
}
