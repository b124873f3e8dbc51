package io.github.coro4j.internal.job

import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ForkJoinWorkerThread

/** A thread of the engine. It holds its [ThreadState], so no lookup in a table is necessary. */
internal abstract class EngineThread(pool: ForkJoinPool) : ForkJoinWorkerThread(pool) {
    @JvmField val threadState = ThreadState(this)
}
