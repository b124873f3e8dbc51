package io.github.coro4j.internal.pool

import io.github.coro4j.internal.base.DaemonThreads
import io.github.coro4j.internal.base.ThreadStarts
import io.github.coro4j.internal.job.EngineThread
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/** A thread of the engine's pool. */
internal class PoolThread(
    pool: ForkJoinPool,
    name: String,
    private val threads: MutableSet<PoolThread>,
) : EngineThread(pool) {
    // Only the pool's watch uses these fields.
    private var begunBefore = 0
    private var idleLooks = 0
    private var usedBefore = ProcessorTimes.UNKNOWN
    private var looksWithoutUse = 0

    /** Number of pieces of the pool's work on this stack. Only this thread writes it. */
    @Volatile private var depth = 0

    val isWorking: Boolean
        get() = depth > 0

    init {
        DaemonThreads.prepare(this, name)
    }

    fun runWork(work: Runnable) {
        DEPTH.lazySet(this, depth + 1)
        try {
            threadState.endingParts { work.run() }
        } finally {
            DEPTH.lazySet(this, depth - 1)
        }
    }

    /** Returns the number of looks since this thread began something. Only the watch calls this. */
    fun look(): Int {
        val begun = threadState.begun
        idleLooks = if (begun == begunBefore) idleLooks + 1 else 0
        begunBefore = begun
        return idleLooks
    }

    /**
     * Returns whether this thread computes. Only the watch calls this.
     *
     * A thread that blocks in native code, such as a read of a socket, is runnable to the JVM. So
     * is a thread that waits for a class initializer; its topmost frame does not tell it from one
     * that computes, but it uses no processor. If [others] are runnable too, a computing thread may
     * also get no processor for some looks, so the limit grows with their number.
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
        ThreadStarts.prepare()
        super.onStart()
        threads.add(this)
    }

    override fun onTermination(exception: Throwable?) {
        threads.remove(this)
        super.onTermination(exception)
    }

    private companion object {
        const val LOOKS_FOR_USE = 20
        val PROCESSORS = Runtime.getRuntime().availableProcessors()
        val DEPTH = AtomicIntegerFieldUpdater.newUpdater(PoolThread::class.java, "depth")
    }
}

/** Returns whether at least [enough] of these threads compute. */
internal fun Iterable<PoolThread>.compute(enough: Int): Boolean {
    val runnable = filter { it.state == Thread.State.RUNNABLE }
    return runnable.size >= enough && runnable.count { it.isComputing(runnable.size) } >= enough
}

/** Reads how much processor time threads have used. */
internal object ProcessorTimes {
    /**
     * Reads the time by reflection, because Android has no such class, and a JDK image may lack its
     * module. If it is null, waiting for a class initializer counts as computing, except on
     * Android, which reports such a thread as waiting. `ClassInitializerTest` breaks when it is not
     * found.
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

    /** Returns the time in nanoseconds, or [UNKNOWN]. */
    fun of(thread: Thread): Long = ask?.invoke(thread) ?: UNKNOWN
}
