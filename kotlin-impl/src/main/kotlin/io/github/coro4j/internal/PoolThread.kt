package io.github.coro4j.internal

import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ForkJoinWorkerThread
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/** A thread of the engine's pool; it knows its [Runner], so that no table has to be asked. */
internal class PoolThread(
    pool: ForkJoinPool,
    name: String,
    private val crew: MutableSet<PoolThread>,
) : ForkJoinWorkerThread(pool) {
    @JvmField val runner = Runner(this)

    // By the pool's watch alone.
    private var begunBefore = 0
    private var idleLooks = 0
    private var usedBefore = ProcessorTimes.UNKNOWN
    private var looksWithoutUse = 0

    /** How much of the pool's work is on this stack. Written by this thread alone. */
    @Volatile private var depth = 0

    val isWorking: Boolean
        get() = depth > 0

    init {
        DaemonThreads.prepare(this, name)
    }

    fun runWork(work: Runnable) {
        DEPTH.lazySet(this, depth + 1)
        try {
            work.run()
        } finally {
            DEPTH.lazySet(this, depth - 1)
        }
    }

    /** By the watch alone: for how many looks this thread has begun nothing. */
    fun look(): Int {
        val begun = runner.begun
        idleLooks = if (begun == begunBefore) idleLooks + 1 else 0
        begunBefore = begun
        return idleLooks
    }

    /**
     * By the watch alone. A thread that blocks in native code, as in a socket's read, is runnable
     * to the JVM. So is one that waits for a class initializer, and its topmost frame looks like
     * that of one that computes; but it uses no processor, look after look. With [others] that
     * compute, a thread may have to wait for a processor that long.
     */
    fun isComputing(others: Int): Boolean {
        val used = ProcessorTimes.of(this)
        looksWithoutUse = if (used == usedBefore) looksWithoutUse + 1 else 0
        usedBefore = used
        return when {
            stackTrace.firstOrNull()?.isNativeMethod != false -> looksWithoutUse == 0
            used == ProcessorTimes.UNKNOWN -> true
            else -> looksWithoutUse < LOOKS_FOR_USE + others / PROCESSORS
        }
    }

    override fun onStart() {
        super.onStart()
        crew.add(this)
    }

    override fun onTermination(exception: Throwable?) {
        crew.remove(this)
        super.onTermination(exception)
    }

    private companion object {
        const val LOOKS_FOR_USE = 20
        val PROCESSORS = Runtime.getRuntime().availableProcessors()
        val DEPTH = AtomicIntegerFieldUpdater.newUpdater(PoolThread::class.java, "depth")
    }
}

/** So many of these threads compute. */
internal fun Iterable<PoolThread>.compute(enough: Int): Boolean {
    val runnable = filter { it.state == Thread.State.RUNNABLE }
    return runnable.size >= enough && runnable.count { it.isComputing(runnable.size) } >= enough
}

/** How much time threads have used on processors. */
internal object ProcessorTimes {
    /**
     * By reflection, because Android has no such class, and an image of the JDK may lack its
     * module. Null where it is missing: there, class initializers count as work. Android says of a
     * thread that waits for one that it waits. `ClassInitializerTest` breaks when it is not found.
     */
    private val ask: ((Thread) -> Long)? =
        try {
            val bean =
                Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null)
            val used =
                Class.forName("java.lang.management.ThreadMXBean")
                    .getMethod("getThreadCpuTime", Long::class.javaPrimitiveType)
            val ask = { thread: Thread -> used.invoke(bean, thread.id) as Long }
            ask(Thread.currentThread())
            ask
        } catch (e: Exception) {
            null
        } catch (e: LinkageError) {
            null
        }

    const val UNKNOWN = -1L

    /** In nanoseconds, or [UNKNOWN]. */
    fun of(thread: Thread): Long = ask?.invoke(thread) ?: UNKNOWN
}
