package io.github.coro4j.internal.pool

import io.github.coro4j.internal.base.DaemonThreads
import io.github.coro4j.internal.base.Refusable
import io.github.coro4j.internal.job.watch
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executor
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ForkJoinTask
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport

/**
 * The engine's pool on platforms where bodies do not run on virtual threads. It does not starve,
 * whatever its bodies wait for (R25).
 *
 * It is a list of `ForkJoinPool`s, and new work goes to one of them. A wait for one of our futures
 * tells that pool, which adds a thread. Any other wait (a latch, a lock, a sleep) gives no signal,
 * so a watch looks. A pool is stalled if work is queued, almost no thread has begun anything for
 * some time, and the threads do not compute. The watch moves the queued work of a stalled pool to
 * the next pool. If there is none, it makes one of twice the size.
 *
 * A `ForkJoinPool` ends only one idle thread a minute. So when nothing has begun for a while, the
 * watch replaces the pools by a new one without threads. Then it shuts the old pools down, and
 * ends.
 */
internal class GrowingPool(private val size: Int) : Executor {
    private val pools = CopyOnWriteArrayList(listOf(Pool(size)))
    @Volatile private var current: Pool = pools[0]
    private val blocked = AtomicInteger()
    private val threadNumbers = AtomicInteger()

    private val watchLock = Any()

    /** The thread of the watch, or null. Guarded by [watchLock]. */
    private var watcher: Thread? = null

    @Volatile private var watching = false

    /** True if so many threads wait for our futures that helping is better than adding a thread. */
    val isCrowded: Boolean
        get() = blocked.get() >= CROWDED

    /**
     * True if work was queued when the JVM had no thread left. A `ForkJoinPool` asks for a thread
     * only when its queue was empty, so it would not ask again for work that is added behind that.
     */
    @Volatile private var starved = false

    /**
     * Queues [work]. If the JVM has no thread left, this refuses bodies, and their tasks fail.
     * Other work belongs to futures that have already ended, so it stays queued. The watch or the
     * next call starts it once there is a thread again.
     */
    override fun execute(work: Runnable) {
        val stillNone = if (starved) askAgain() else null
        val mayRefuse = work is Refusable
        if (stillNone != null && mayRefuse) throw stillNone
        try {
            queue(PoolWork(this, work))
        } catch (e: OutOfMemoryError) {
            starved = true
            if (mayRefuse) throw e
        }
        // publish, then re-check: pairs with GrowingPool.restEnds
        if (!watching) wakeWatch()
    }

    private fun queue(work: ForkJoinTask<*>) {
        while (true) {
            val pool = current
            try {
                return pool.execute(work)
            } catch (e: RejectedExecutionException) {
                // The watch replaced the pool and shut it down while this thread stood still.
                if (pool === current) throw e
            }
        }
    }

    private val putOff = ConcurrentLinkedQueue<Runnable>()

    /** Queues [work] again, by a thread outside the pool. */
    fun putOff(work: Runnable) {
        putOff.add(work)
        wakeWatch()
    }

    private fun wakeWatch() {
        watching = true
        try {
            synchronized(watchLock) {
                val running = watcher
                if (running != null) LockSupport.unpark(running)
                else watcher = DaemonThreads.start("coro4j-watch", ::watch)
            }
        } catch (e: OutOfMemoryError) {
            watching = false // the JVM has no thread left; the next call tries again
        }
    }

    /** Asks for threads again. Returns the error if the JVM still has none. */
    private fun askAgain(): OutOfMemoryError? {
        starved = false
        return pools.map { it.queueAll(it.takeQueued()) }.firstNotNullOfOrNull { it }
    }

    /**
     * Calls [wait], which waits for one of our futures on a thread of this pool, and tells it
     * whether the pool must add a thread. The first few waits need none: a `ForkJoinPool` starts
     * threads for queued work until it has all that it may have. These few waits bring it there. If
     * each wait added a thread, a gather of one body after the other would end with all threads
     * that the pool may have.
     */
    fun <R> blocking(wait: (mustGrow: Boolean) -> R): R {
        val waiting = blocked.incrementAndGet()
        try {
            return wait(waiting > size / FEW_OF_SIZE)
        } finally {
            blocked.decrementAndGet()
        }
    }

    private fun watch() {
        var emptyLooks = 0
        while (true) {
            // Clears a stray interrupt, which would end each park below at once.
            Thread.interrupted()
            queueAgain()
            val busy = pools.any { it.hasQueuedWork }
            if (busy) {
                emptyLooks = 0
                look()
            } else if (++emptyLooks > LINGERING_LOOKS) {
                if (restEnds()) return
                emptyLooks = 0
            }
            LockSupport.parkNanos(this, if (busy) LOOK_NANOS else IDLE_LOOK_NANOS)
        }
    }

    /** Waits while nothing is queued. Returns true if the watch must end, false if work came. */
    private fun restEnds(): Boolean {
        watching = false
        // publish, then re-check: pairs with GrowingPool.execute and GrowingPool.putOff
        if (pools.any { it.hasQueuedWork } || putOff.isNotEmpty()) {
            watching = true
            return false
        }
        var left = DaemonThreads.lingerNanos
        while (!watching) {
            val rest = left.coerceIn(LOOK_NANOS, REST_NANOS)
            LockSupport.parkNanos(this, rest)
            Thread.interrupted()
            endReplaced()
            left -= rest
            if (watching || left > 0) continue
            if (pools.any { it.poolSize > 0 }) replaceAll() else if (ends()) return true
        }
        return false
    }

    private fun ends(): Boolean =
        synchronized(watchLock) {
            // A caller that has woken the watch meanwhile relies on it.
            if (!watching) watcher = null
            !watching
        }

    /**
     * Replaces the pools, unless a body runs, because then each burst of work would make a pool.
     */
    private fun replaceAll() {
        if (pools.any { it.isReplaced || !it.isIdle }) return
        pools.forEach { it.isReplaced = true }
        current = Pool(size).also(pools::add)
    }

    /** Shuts down the pools that the last rest has replaced. No late caller uses them any more. */
    private fun endReplaced() {
        for (pool in pools) {
            if (!pool.isReplaced || !pool.isIdle) continue
            pools.remove(pool)
            pool.shutdown()
        }
    }

    private fun queueAgain() {
        try {
            while (true) queue(PoolWork(this, putOff.poll() ?: return))
        } catch (e: OutOfMemoryError) {
            starved = true // the work is queued, but the JVM has no thread left
        }
    }

    private fun look() {
        try {
            if (starved) askAgain()
            pools.forEach { if (it.isStalled()) relieve(it) }
            pools.first { !it.isReplaced }.let { if (!it.wasStalled) current = it }
        } catch (e: OutOfMemoryError) {
            // The heap is full. The watch must survive this, and looks again later.
        }
    }

    private fun relieve(stalled: Pool) {
        val next =
            pools.firstOrNull { !it.wasStalled && !it.isReplaced }
                ?: Pool(pools.last().parallelism * 2).also(pools::add)
        current = next
        next.queueAll(stalled.takeQueued())
    }

    private inner class Pool(threads: Int) :
        ForkJoinPool(
            threads.coerceAtMost(MAX_THREADS),
            { pool -> DaemonThreads.made { PoolThread(pool, name(), (pool as Pool).threads) } },
            null,
            true,
        ) {
        var wasStalled = false
            private set

        var isReplaced = false

        val isIdle: Boolean
            get() = !hasQueuedWork && activeThreadCount == 0 && threads.none { it.isWorking }

        val hasQueuedWork: Boolean
            get() = hasQueuedSubmissions() || queuedTaskCount > 0

        val threads: MutableSet<PoolThread> = ConcurrentHashMap.newKeySet()

        /**
         * Returns whether work is queued, no thread can be added, almost no thread has begun
         * anything for some time, and the threads do not compute. Only the watch calls this, once a
         * look.
         */
        fun isStalled(): Boolean {
            val idleLooks = threads.map { it.look() }
            val still = idleLooks.all { it > 0 }
            // If even an idle thread does not begin queued work, its wake-up was lost: the
            // ForkJoinPool of JDK 17 can lose that of a thread that is just going idle. Queueing
            // the work again, on an empty queue, wakes a thread.
            if (still && hasQueuedWork && activeThreadCount < parallelism) queueAll(takeQueued())
            // A few threads with progress must not hide that all others are stalled.
            val mostlyStill =
                idleLooks.count { it >= LONG_STILL_LOOKS } >= parallelism - parallelism / 8
            val full = poolSize >= parallelism
            val stalled =
                (still || mostlyStill) &&
                    hasQueuedWork &&
                    full &&
                    !threads.compute((parallelism / 2).coerceAtLeast(1))
            // The pool stays stalled after its queue was moved away, until a body ends and leaves a
            // thread without work.
            wasStalled = stalled || wasStalled && full && activeThreadCount >= parallelism
            return stalled
        }

        fun takeQueued(): List<ForkJoinTask<*>> =
            ArrayList<ForkJoinTask<*>>().also { drainTasksTo(it) }

        /** Queues all work, and returns the error if the JVM has no thread left. */
        fun queueAll(all: List<ForkJoinTask<*>>): OutOfMemoryError? {
            var none: OutOfMemoryError? = null
            for (work in all) {
                try {
                    execute(work)
                } catch (e: OutOfMemoryError) {
                    starved = true
                    none = e
                }
            }
            return none
        }
    }

    private fun name() = "coro4j-${threadNumbers.incrementAndGet()}"

    companion object {
        /** The number of threads, unless the application has chosen another one. */
        const val SIZE = 128

        private const val MAX_THREADS = 16_384
        private const val CROWDED = 256

        /** One in so many threads of the first pool may wait without another in its place. */
        private const val FEW_OF_SIZE = 16
        private const val LOOK_NANOS = 10_000_000L
        private const val IDLE_LOOK_NANOS = 100_000_000L
        private const val REST_NANOS = 1_000_000_000L
        private const val LINGERING_LOOKS = 10
        private const val LONG_STILL_LOOKS = 10
    }
}
