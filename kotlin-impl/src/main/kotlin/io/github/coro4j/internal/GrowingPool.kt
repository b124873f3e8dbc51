package io.github.coro4j.internal

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
 * The engine's pool where there are no virtual threads to run bodies: it does not starve, whatever
 * its bodies wait for (R25).
 *
 * It is a list of `ForkJoinPool`s, of which new work goes to one. A wait that we see (for one of
 * our futures) tells that pool, which adds a thread. A wait that we do not see (a latch, a lock, a
 * sleep) gives no signal, so a watch looks: when a pool has work in its queues and begins nothing,
 * or nearly none of its threads has begun anything for some time, and they do not compute, its
 * queued work moves to the next pool, made if need be, of twice the size.
 *
 * A `ForkJoinPool` ends one idle thread a minute. So when nothing has been begun for a while, the
 * watch replaces the pools by a new one, which has no threads yet, and shuts them down. Then the
 * watch ends too.
 */
internal class GrowingPool(private val size: Int = 64) : Executor {
    private val pools = CopyOnWriteArrayList(listOf(Pool(size)))
    @Volatile private var current: Pool = pools[0]
    private val blocked = AtomicInteger()
    private val threadNumbers = AtomicInteger()

    private val watchLock = Any()

    /** Null while there is none. Guarded by [watchLock]. */
    private var watcher: Thread? = null

    @Volatile private var watching = false

    /**
     * So many threads wait for our futures that running what they wait for is better than yet
     * another thread.
     */
    val isCrowded: Boolean
        get() = blocked.get() >= CROWDED

    /**
     * Some work was queued when no thread was to be had. A `ForkJoinPool` asks for a thread when
     * its queue was empty, so it would not ask again for what is added behind that work.
     */
    @Volatile private var starved = false

    /**
     * Where no thread is to be had, bodies are refused, and their tasks fail. All other work
     * belongs to something that has ended already: it stays queued, and is begun when there is a
     * thread again, by the watch or by the next call.
     */
    override fun execute(work: Runnable) {
        val stillNone = if (starved) askAgain() else null
        val mayRefuse = work is BodyJob<*> || work is CrewGather<*, *>
        if (stillNone != null && mayRefuse) throw stillNone
        try {
            queue(Work(work))
        } catch (e: OutOfMemoryError) {
            starved = true
            if (mayRefuse) throw e
        }
        // Written after the work is queued, read by the watch before it looks at the queues: one of
        // the two sees the other.
        if (!watching) wakeWatch()
    }

    private fun queue(work: ForkJoinTask<*>) {
        while (true) {
            val pool = current
            try {
                return pool.execute(work)
            } catch (e: RejectedExecutionException) {
                // Replaced, and shut down long afterwards, while this thread stood still here.
                if (pool === current) throw e
            }
        }
    }

    /**
     * A thread of a `ForkJoinPool` that waits for a task of its own, as in a parallel stream, takes
     * what it has queued and not begun. Inside one of our bodies that would be another body, below
     * which the first one may hold a lock: it is queued again, by a thread that is none of the
     * pool's.
     */
    private inner class Work(run: Runnable) : ForkJoinTask<Void?>() {
        /** Null once it is taken: a frame of the pool's keeps this while the thread runs others. */
        private var run: Runnable? = run

        override fun exec(): Boolean {
            val thread = Thread.currentThread() as PoolThread
            val mine = run!!
            run = null
            if (thread.runner.isAtWork) {
                putOff.add(mine)
                wakeWatch()
            } else {
                thread.runWork(mine)
            }
            return true
        }

        override fun getRawResult(): Void? = null

        override fun setRawResult(value: Void?) = Unit
    }

    private val putOff = ConcurrentLinkedQueue<Runnable>()

    private fun wakeWatch() {
        watching = true
        try {
            synchronized(watchLock) {
                val running = watcher
                if (running != null) LockSupport.unpark(running)
                else watcher = DaemonThreads.start("coro4j-watch", ::watch)
            }
        } catch (e: OutOfMemoryError) {
            watching = false // no thread for it; the next call tries again
        }
    }

    /** Null if there are threads again. */
    private fun askAgain(): OutOfMemoryError? {
        starved = false
        return pools.map { it.queueAll(it.takeQueued()) }.firstNotNullOfOrNull { it }
    }

    inline fun <R> blocking(wait: () -> R): R {
        blocked.incrementAndGet()
        try {
            return wait()
        } finally {
            blocked.decrementAndGet()
        }
    }

    private fun watch() {
        var emptyLooks = 0
        while (true) {
            // A stray interrupt, which would end each park below at once.
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

    /** Nothing is queued. Returns when something is, or true if the watch is to end. */
    private fun restEnds(): Boolean {
        watching = false
        // Work that was queued before the flag fell has not woken us: look once more.
        if (pools.any { it.hasQueuedWork } || putOff.isNotEmpty()) {
            watching = true
            return false
        }
        var rests = 0
        while (!watching) {
            LockSupport.parkNanos(this, REST_NANOS)
            Thread.interrupted()
            endReplaced()
            if (watching || ++rests < DaemonThreads.LINGER_SECONDS) continue
            if (pools.any { it.poolSize > 0 }) replaceAll() else if (ends()) return true
        }
        return false
    }

    private fun ends(): Boolean =
        synchronized(watchLock) {
            // If it was woken meanwhile, its waker counts on it.
            if (!watching) watcher = null
            !watching
        }

    /** A body that goes on for long keeps its pool, or each burst of work would need a new one. */
    private fun replaceAll() {
        if (pools.any { it.isReplaced || !it.isIdle }) return
        pools.forEach { it.isReplaced = true }
        current = Pool(size).also(pools::add)
    }

    /** One rest after they were replaced: who had them in hand has queued its work by now. */
    private fun endReplaced() {
        for (pool in pools) {
            if (!pool.isReplaced || !pool.isIdle) continue
            pools.remove(pool)
            pool.shutdown()
        }
    }

    private fun queueAgain() {
        try {
            while (true) queue(Work(putOff.poll() ?: return))
        } catch (e: OutOfMemoryError) {
            starved = true // it is queued, and no thread is to be had
        }
    }

    private fun look() {
        try {
            if (starved) askAgain()
            pools.forEach { if (it.isStalled()) relieve(it) }
            pools.first { !it.isReplaced }.let { if (!it.wasStalled) current = it }
        } catch (e: OutOfMemoryError) {
            // Nothing to look with: the watch must outlive that, and looks again.
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
         * By the watch alone, once a look: queued work, all threads there, nothing begun since the
         * last look, no thread busy.
         */
        fun isStalled(): Boolean {
            val idleLooks = threads.map { it.look() }
            val still = idleLooks.all { it > 0 }
            // Not even one that is idle begins what is queued: the ForkJoinPool of JDK 17 can lose
            // the call of a thread that is just going idle. Work for an empty queue calls it again.
            if (still && hasQueuedWork && activeThreadCount < parallelism) queueAll(takeQueued())
            // A few threads that go on must not hide that all others stand still.
            val mostlyStill =
                idleLooks.count { it >= LONG_STILL_LOOKS } >= parallelism - parallelism / 8
            val full = poolSize >= parallelism
            val stalled =
                (still || mostlyStill) && hasQueuedWork && full && !threads.compute(parallelism / 2)
            // It stays stalled when its queue has been moved away: that made no room in it. A body
            // that ends does, and leaves a thread without work.
            wasStalled = stalled || wasStalled && full && activeThreadCount >= parallelism
            return stalled
        }

        fun takeQueued(): List<ForkJoinTask<*>> =
            ArrayList<ForkJoinTask<*>>().also { drainTasksTo(it) }

        /** Queues all, also where no thread is to be had; then it says so. */
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

    private companion object {
        const val MAX_THREADS = 16_384
        const val CROWDED = 256
        const val LOOK_NANOS = 10_000_000L
        const val IDLE_LOOK_NANOS = 100_000_000L
        const val REST_NANOS = 1_000_000_000L
        const val LINGERING_LOOKS = 10
        const val LONG_STILL_LOOKS = 10
    }
}
