package io.github.coro4j.internal.job

import java.lang.ref.WeakReference
import java.util.concurrent.ForkJoinWorkerThread
import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * The [ThreadState]s of threads that are not the engine's, while those threads run code of the
 * engine. Afterwards nothing is left on the threads (R34).
 *
 * Platform threads use a table instead of a thread-local, because even a failed lookup of a
 * thread-local leaves an entry in the thread's map. A bucket is a list linked through the thread
 * states. Only the thread itself finds, adds and removes its thread state.
 *
 * Virtual threads use a thread-local, because there may be a million of them.
 */
internal object ThreadStates {
    private const val BUCKETS = 1024
    private val buckets = AtomicReferenceArray<ThreadState?>(BUCKETS)

    /**
     * The thread state that was removed last from each bucket. Its thread reuses it, so that a body
     * on a user's executor allocates none. The next garbage collection clears the reference.
     */
    private val removed = AtomicReferenceArray<WeakReference<ThreadState>?>(BUCKETS)
    private val ofVirtual = ThreadLocal<ThreadState?>()

    /**
     * The class of virtual threads, or null on a platform without them. Found by reflection,
     * because Java 17 has none; `ThreadStatesTest` breaks when it is not found.
     */
    private val virtual: Class<*>? =
        try {
            val builder = Thread::class.java.getMethod("ofVirtual").invoke(null)
            val unstarted =
                Class.forName("java.lang.Thread\$Builder")
                    .getMethod("unstarted", Runnable::class.java)
            unstarted.invoke(builder, Runnable {}).javaClass
        } catch (e: Exception) {
            null
        }

    /**
     * Returns a number by which to spread threads: neighbours for threads that were created one
     * after the other. A subclass may override `getId`, so only the JDK's own classes are asked.
     */
    @Suppress("DEPRECATION") // threadId() came with JDK 19
    fun numberOf(thread: Thread): Int {
        val type = thread.javaClass
        val isOfTheJdk =
            type === Thread::class.java ||
                type === ForkJoinWorkerThread::class.java ||
                type === virtual
        return if (isOfTheJdk) thread.id.toInt() else System.identityHashCode(thread)
    }

    private fun bucketOf(thread: Thread) = System.identityHashCode(thread) and BUCKETS - 1

    fun find(thread: Thread): ThreadState? {
        if (thread.javaClass === virtual) return findVirtual()
        var each = buckets.get(bucketOf(thread))
        while (each != null && each.thread !== thread) each = each.nextInBucket
        return each
    }

    private fun findVirtual(): ThreadState? {
        val found = ofVirtual.get()
        if (found == null) ofVirtual.remove() // get() has left an empty entry
        return found
    }

    /** Adds a thread state for the current thread, which has none. */
    fun add(thread: Thread): ThreadState {
        if (thread.javaClass === virtual) return ThreadState(thread).also(ofVirtual::set)
        val bucket = bucketOf(thread)
        val added =
            removed.get(bucket)?.get()?.takeIf { it.thread === thread } ?: ThreadState(thread)
        while (true) {
            val first = buckets.get(bucket)
            added.nextInBucket = first
            if (buckets.compareAndSet(bucket, first, added)) return added
        }
    }

    /** Removes the thread state of the current thread, if it is still there. */
    fun remove(state: ThreadState) {
        if (state.thread.javaClass === virtual) {
            val found = ofVirtual.get()
            if (found == null || found === state) ofVirtual.remove()
            return
        }
        val bucket = bucketOf(state.thread)
        // `nextInBucket` changes only under the lock, and the last thread state of a bucket stays
        // the last.
        if (state.nextInBucket != null || !buckets.compareAndSet(bucket, state, null))
            synchronized(this) { unlink(state, bucket) }
        removed.lazySet(bucket, state.weakly())
    }

    /** Unlinks [state]. Other threads may add thread states in front at the same time. */
    private fun unlink(state: ThreadState, bucket: Int) {
        while (true) {
            val first = buckets.get(bucket)
            if (first === state) {
                if (buckets.compareAndSet(bucket, state, state.nextInBucket)) return
                continue
            }
            var before = first
            while (before != null && before.nextInBucket !== state) before = before.nextInBucket
            before?.nextInBucket = state.nextInBucket
            return
        }
    }
}
