package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.Future
import io.github.coro4j.Registration
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import java.util.function.Consumer

/**
 * The done-callbacks of one future. Each executor has a lane, and the callbacks of a lane run in
 * order, one after another (R12). A lane links its entries to each other. So a callback costs 32
 * bytes, and its removal takes the same time in a long lane.
 *
 * The lock guards the lanes and their lists; no user code and no executor is called under it.
 * Whether a callback runs or is removed is decided by one compare-and-set in its [Entry], so that
 * removing is exact (R14).
 */
internal class CallbackLanes(private val job: FutureJob<*>) {
    private var firstLane: Lane? = null
    private var completed = false

    fun add(callback: Consumer<*>, executor: Executor): Registration {
        val entry: Entry
        val toStart: Lane?
        synchronized(this) {
            val lane = laneFor(executor)
            @Suppress("UNCHECKED_CAST")
            entry = Entry(lane, callback as Consumer<Future<*>>)
            lane.append(entry)
            toStart = if (completed && lane.startIfIdle()) lane else null
        }
        toStart?.submit()
        // publish, then re-check: pairs with PromiseJob.decide, whose thread may not have seen this
        // object, and with FutureJob.afterCompletion
        job.awaitDecidedEnd()
        if (job.isDone) complete()
        return entry
    }

    private fun laneFor(executor: Executor): Lane {
        var lane = firstLane
        while (lane != null) {
            if (lane.executor === executor) return lane
            lane = lane.next
        }
        return Lane(executor, firstLane).also { firstLane = it }
    }

    /** Returns whether a callback waits to be run on [executor]. */
    @Synchronized
    fun isWaitingOn(executor: Executor): Boolean {
        lanes { if (it.executor === executor) return true }
        return false
    }

    /** True if no callback waits to be run. */
    val isEmpty: Boolean
        @Synchronized get() = firstLane == null

    fun remove(callback: Consumer<*>): Int {
        // Compare outside the lock, because the user's equals may be slow.
        val all = ArrayList<Entry>()
        synchronized(this) { lanes { lane -> lane.forEach(all::add) } }
        return all.count { it.isFor(callback) && it.remove() }
    }

    private inline fun lanes(visit: (Lane) -> Unit) {
        var lane = firstLane
        while (lane != null) {
            visit(lane)
            lane = lane.next
        }
    }

    /**
     * Starts the lanes in the order in which they were made, once. The thread that completes the
     * job calls this, and so does a thread that added a callback the completing thread may have
     * missed.
     */
    fun complete() {
        val toStart = ArrayList<Lane>(1)
        synchronized(this) {
            if (completed) return
            completed = true
            lanes { if (it.startIfIdle()) toStart.add(it) }
        }
        for (index in toStart.indices.reversed()) toStart[index].submit()
    }

    /** Discards the callbacks that were added so far: they never run. */
    @Synchronized
    fun drop() {
        completed = true
        firstLane = null
    }

    private inner class Lane(executor: Executor, var next: Lane?) : SerialCallbacks(executor) {
        private var first: Entry? = null
        private var last: Entry? = null
        private var running = false
        private var handedOver = false

        /**
         * The callbacks that were taken off the list last, to be run in order; null after the last
         * one. Changed under the lock only, so that [remove] finds those that have not run yet.
         */
        private var taken: Array<Entry?>? = null

        // ---- under the lock

        fun append(entry: Entry) {
            val before = last
            if (before == null) first = entry
            else {
                before.next = entry
                entry.previous = before
            }
            last = entry
        }

        /** Does nothing to an entry that has been taken off to be run. */
        fun unlink(entry: Entry) {
            val before = entry.previous
            val after = entry.next
            if (before != null) before.next = after else if (first === entry) first = after
            if (after != null) after.previous = before else if (last === entry) last = before
            entry.previous = null
            entry.next = null
        }

        inline fun forEach(visit: (Entry) -> Unit) {
            taken?.forEach { if (it != null) visit(it) }
            var entry = first
            while (entry != null) {
                visit(entry)
                entry = entry.next
            }
        }

        fun startIfIdle(): Boolean {
            if (running || first == null) return false
            running = true
            // Count the callbacks before the job leaves its scope, because closing the scope waits
            // for them (R23).
            if (isOwn) job.scope.holdOpen()
            return true
        }

        /**
         * Takes the next callbacks off the list. Several at once, because the lock costs more than
         * the call of a short callback. Returns null if there is none; then the lane is idle.
         */
        private fun takeNext(): Array<Entry?>? {
            val next = first
            if (next == null) {
                running = false
                handedOver = false
                taken = null
                drop(this) // with its executor, which may be one for this callback alone
                return null
            }
            val before = taken
            val batch =
                if (before != null && before.size == BATCH) before
                else arrayOfNulls<Entry>(if (next.next == null) 1 else BATCH)
            for (index in batch.indices) batch[index] = first?.also(::unlink)
            taken = batch
            return batch
        }

        val isIdle: Boolean
            get() = !running && first == null

        // ---- outside it

        private val isOwn: Boolean
            get() = executor === job.scope.callbackExecutor

        override val holdsScope: Boolean
            get() = isOwn

        override val job: FutureJob<*>
            get() = this@CallbackLanes.job

        override fun calls() {
            val state = ThreadState.orNull()
            while (true) {
                val batch = synchronized(this@CallbackLanes) { takeNext() } ?: break
                for (entry in batch) {
                    val callback = (entry ?: break).claim()
                    if (callback != null) call(callback, state)
                }
            }
        }

        override fun over() {
            if (isOwn) job.scope.release()
        }

        override fun handOver(): Boolean =
            synchronized(this@CallbackLanes) {
                if (!running || handedOver) return false
                handedOver = true
                true
            }

        private fun call(callback: Consumer<Future<*>>, state: ThreadState?) {
            state?.noteBegin()
            try {
                if (callback is CallbackWithContext) callInContext(callback)
                else callback.accept(job.handle())
            } catch (e: Throwable) {
                val context = failureContextOf(callback, job.scope)
                job.scope.report(FailureReport.Kind.CALLBACK_FAILED, job, e, context)
            }
            clearInterrupt(state)
        }

        private fun callInContext(callback: CallbackWithContext) =
            job.scope.propagators!!.aroundCallback(callback.captured, job) {
                callback.accept(job.handle())
            }

        /** Unlinks [entry], whose callback the caller has claimed, so that it can be collected. */
        fun forget(entry: Entry) =
            synchronized(this@CallbackLanes) {
                unlink(entry)
                if (isIdle) drop(this)
            }
    }

    private fun drop(lane: Lane) {
        var each = firstLane
        if (each === lane) firstLane = lane.next
        while (each != null) {
            if (each.next === lane) each.next = lane.next
            each = each.next
        }
    }

    private class Entry(lane: Lane, callback: Consumer<Future<*>>) : Registration {
        /**
         * The lane; null once the callback is taken, so that a registration does not keep the
         * executor alive.
         */
        @Volatile private var lane: Lane? = lane

        /** The callback; null once a thread has taken it to run it or to remove it. */
        @Volatile @Transient @JvmField var callback: Consumer<Future<*>>? = callback

        @Transient @JvmField var previous: Entry? = null
        @Transient @JvmField var next: Entry? = null

        fun isFor(other: Consumer<*>): Boolean {
            val mine = callback
            val given = if (mine is CallbackWithContext) mine.callback else mine
            if (given === other) return true
            // Calls `equals` of the given callback only. It may throw for a callback of another
            // class; then the two are not equal.
            return given != null && runCatching { other == given }.getOrDefault(false)
        }

        /** Takes the callback. Only one caller gets it; the others get null. */
        fun claim(): Consumer<Future<*>>? {
            val mine = callback
            if (mine == null || !CALLBACK.compareAndSet(this, mine, null)) return null
            lane = null
            return mine
        }

        override fun remove(): Boolean {
            val before = lane
            if (claim() == null) return false
            // The lane is null only after the callback was claimed.
            before!!.forget(this)
            return true
        }

        override fun close() {
            remove()
        }
    }

    private companion object {
        /** How many callbacks a lane takes off its list at once. */
        const val BATCH = 16

        // JobState explains the reflection. An AtomicReference in each entry would cost 16 bytes.
        val CALLBACK =
            AtomicReferenceFieldUpdater.newUpdater(
                Entry::class.java,
                Consumer::class.java,
                "callback",
            )
    }
}
