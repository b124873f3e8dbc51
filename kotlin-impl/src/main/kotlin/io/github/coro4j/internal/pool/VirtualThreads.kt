package io.github.coro4j.internal.pool

import io.github.coro4j.internal.base.DaemonThreads
import java.util.concurrent.Executor

/** Virtual threads, where bodies may block on them. */
internal object VirtualThreads {
    /**
     * The first JDK where a virtual thread that blocks in `synchronized` releases its carrier
     * thread (JEP 491).
     */
    private const val UNPINNED = 24

    /** The version of the JDK or of Android. */
    private val version: Int =
        // Every platform has the specification version ("0.9" on Android), but not
        // Runtime.version().
        System.getProperty("java.specification.version").substringBefore('.').toIntOrNull() ?: 0

    /** Returns an executor of virtual threads, or null where the engine does not use them. */
    fun executor(): Executor? = if (version >= UNPINNED) DaemonThreads.virtual() else null
}
