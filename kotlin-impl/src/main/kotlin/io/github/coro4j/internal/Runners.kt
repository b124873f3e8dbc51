package io.github.coro4j.internal

import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * The [Runner]s of threads that are not the engine's, while those threads are in something of ours.
 * When they leave it, nothing of ours is left on them (R34).
 *
 * For platform threads this is a table by thread and not a thread-local: a look for what is not
 * there would leave an entry in the thread's map, and each body on a user's executor would make
 * one. A bucket is a list that runs through the runners. Only the thread itself looks for its
 * runner, adds it and removes it.
 *
 * There may be a million virtual threads, which have a thread-local.
 */
internal object Runners {
    private const val BUCKETS = 1024
    private val buckets = AtomicReferenceArray<Runner?>(BUCKETS)

    /**
     * For each bucket the runner that was removed last. Its thread takes it again, so that a body
     * on a user's executor allocates none, and the next garbage collection forgets it.
     */
    private val removed = AtomicReferenceArray<WeakReference<Runner>?>(BUCKETS)
    private val ofVirtual = ThreadLocal<Runner?>()

    /**
     * The class of virtual threads, or null where there are none. By reflection, because Java 17
     * has none; `RunnersTest` breaks when it is not found.
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

    private fun bucketOf(thread: Thread) = System.identityHashCode(thread) and BUCKETS - 1

    fun find(thread: Thread): Runner? {
        if (thread.javaClass === virtual) return findVirtual()
        var each = buckets.get(bucketOf(thread))
        while (each != null && each.thread !== thread) each = each.nextRunner
        return each
    }

    private fun findVirtual(): Runner? {
        val found = ofVirtual.get()
        if (found == null) ofVirtual.remove() // The look has left an empty entry.
        return found
    }

    /** Makes the one of the current thread, which has none. */
    fun add(thread: Thread): Runner {
        if (thread.javaClass === virtual) return Runner(thread).also(ofVirtual::set)
        val bucket = bucketOf(thread)
        val added = removed.get(bucket)?.get()?.takeIf { it.thread === thread } ?: Runner(thread)
        while (true) {
            val first = buckets.get(bucket)
            added.nextRunner = first
            if (buckets.compareAndSet(bucket, first, added)) return added
        }
    }

    /** Of the current thread; does nothing if it has been removed. */
    fun remove(runner: Runner) {
        if (runner.thread.javaClass === virtual) {
            val found = ofVirtual.get()
            if (found == null || found === runner) ofVirtual.remove()
            return
        }
        val bucket = bucketOf(runner.thread)
        // The next one changes only under the lock, and one that is last stays last.
        if (runner.nextRunner != null || !buckets.compareAndSet(bucket, runner, null))
            synchronized(this) { unlink(runner, bucket) }
        removed.lazySet(bucket, runner.weakly())
    }

    /** Others may add in front meanwhile, and remove one that is alone. */
    private fun unlink(runner: Runner, bucket: Int) {
        while (true) {
            val first = buckets.get(bucket)
            if (first === runner) {
                if (buckets.compareAndSet(bucket, runner, runner.nextRunner)) return
                continue
            }
            var before = first
            while (before != null && before.nextRunner !== runner) before = before.nextRunner
            before?.nextRunner = runner.nextRunner
            return
        }
    }
}
