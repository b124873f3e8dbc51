package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import io.github.coro4j.Future
import io.github.coro4j.Registration
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicBoolean
import java.util.function.Consumer

/**
 * The done-callbacks of one future, in lanes: one lane an executor, and within a lane in order, one
 * after another (R12).
 *
 * The lock guards the lanes and their queues; no user code and no executor is called under it.
 * Whether a callback runs or is removed is decided by one compare-and-set in its [Entry], so that
 * removing is exact (R14).
 */
internal class Callbacks(private val job: FutureJob<*>) {
    private val lanes = ArrayList<Lane>(1)
    private var completed = false

    fun add(callback: Consumer<*>, executor: Executor): Registration {
        @Suppress("UNCHECKED_CAST") val entry = Entry(callback as Consumer<Future<*>>)
        val toStart: Lane?
        synchronized(this) {
            val lane =
                lanes.firstOrNull { it.executor === executor } ?: Lane(executor).also(lanes::add)
            lane.entries.addLast(entry)
            toStart = if (completed) lane.startIfIdle() else null
        }
        toStart?.submit()
        // The job may have completed before it could see this object: then nobody else will start
        // the lanes.
        if (job.isCompleted) complete()
        return entry
    }

    fun remove(callback: Consumer<*>): Int {
        // Compared outside the lock: the user's equals may take its time.
        val all = synchronized(this) { lanes.flatMap { it.entries.toList() } }
        return all.count { it.callback == callback && it.remove() }
    }

    /**
     * The job is done. Called by whoever completes it, and by adders that may have been overlooked;
     * the first one starts the lanes.
     */
    fun complete() {
        val toStart: List<Lane>
        synchronized(this) {
            if (completed) return
            completed = true
            toStart = lanes.mapNotNull { it.startIfIdle() }
        }
        toStart.forEach { it.submit() }
    }

    private inner class Lane(val executor: Executor) : Runnable {
        val entries = ArrayDeque<Entry>()
        private var running = false
        private var handedOver = false

        /** Under the lock. */
        fun startIfIdle(): Lane? {
            if (running || entries.isEmpty()) return null
            running = true
            // Counted before the job leaves its scope: closing the scope waits for these (R23).
            if (isOwn) job.scope.occupants.underWay(1)
            return this
        }

        /** Under the lock. */
        val isIdle: Boolean
            get() = !running && entries.isEmpty()

        private val isOwn: Boolean
            get() = executor === job.scope.callbackExecutor

        fun submit() {
            val pool = job.scope.engine.pool
            // A user's executor may run what it is given on the spot, block, or throw. None of that
            // may happen on the stack of the one who completes or adds (R11), so it is called from
            // a thread of the engine.
            if (executor === pool) pool.execute(this) else pool.execute(::offer)
        }

        private fun offer() {
            try {
                executor.execute(this)
            } catch (e: Throwable) {
                // Told as part of a callback: a listener that closed the scope would wait for it.
                asCallback { job.scope.report(FailureReport.Kind.CALLBACK_REJECTED, job.name(), e) }
                run()
            }
            clearInterrupt()
        }

        override fun run() {
            // An executor that runs what it is given and then throws has done its part.
            if (!handOver()) return
            clearInterrupt()
            try {
                asCallback {
                    while (true) {
                        val entry = next() ?: break
                        if (entry.claim()) call(entry.callback)
                    }
                }
            } finally {
                if (isOwn) job.scope.occupants.underWay(-1)
            }
        }

        private inline fun asCallback(code: () -> Unit) {
            val runner = Runner.here()
            val outerScope = runner.callbackOf
            val outer = runner.enterCallback(job.scope)
            try {
                runner.aside(code)
            } finally {
                runner.leave(outer)
                runner.callbackOf = outerScope
            }
        }

        /**
         * On a thread of the engine no flag is anybody's: a callback or a user's executor left it.
         */
        private fun clearInterrupt() {
            if (Thread.currentThread() is PoolThread) Thread.interrupted()
        }

        private fun handOver(): Boolean =
            synchronized(this@Callbacks) {
                if (!running || handedOver) return false
                handedOver = true
                true
            }

        private fun next(): Entry? =
            synchronized(this@Callbacks) {
                val entry = entries.removeFirstOrNull()
                if (entry == null) {
                    running = false
                    handedOver = false
                }
                entry
            }

        private fun call(callback: Consumer<Future<*>>) {
            Runner.here().noteBegin()
            try {
                callback.accept(job.handle())
            } catch (e: Throwable) {
                job.scope.report(FailureReport.Kind.CALLBACK_FAILED, job.name(), e)
            }
            clearInterrupt()
        }
    }

    private inner class Entry(val callback: Consumer<Future<*>>) : Registration {
        private val taken = AtomicBoolean()

        /** By the one who runs it, or the one who removes it. */
        fun claim(): Boolean = taken.compareAndSet(false, true)

        override fun remove(): Boolean {
            if (!claim()) return false
            // Forgotten at once, so that what the callback holds can be collected while the future
            // is still pending.
            synchronized(this@Callbacks) {
                lanes.forEach { it.entries.remove(this) }
                lanes.removeAll { it.isIdle }
            }
            return true
        }

        override fun close() {
            remove()
        }
    }
}
