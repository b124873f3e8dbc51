package io.github.coro4j.internal.job

import io.github.coro4j.ThreadBoundExecutor
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executor

/**
 * Counts the callbacks that scopes have handed to executors of one thread. A wait for such a scope
 * on that thread could never end. Other executors pay one type check.
 */
internal class BoundCallbacks {
    private val counts = ConcurrentHashMap<JobScope, Int>()

    fun begin(scope: JobScope) {
        counts.merge(scope, 1, Int::plus)
    }

    fun end(scope: JobScope) {
        counts.computeIfPresent(scope) { _, count -> if (count == 1) null else count - 1 }
    }

    fun areUnderWay(scope: JobScope): Boolean = counts.containsKey(scope)

    companion object {
        /**
         * Returns whether only the calling thread can run what is queued on [executor]. False
         * inside a body of that executor, because such a body runs or hands over what it waits for.
         */
        fun onlyThisThreadRuns(executor: Executor): Boolean =
            isBoundToThisThread(executor) &&
                ThreadState.orNull()?.current?.scope?.executor !== executor

        /** Returns whether [executor] runs everything on the calling thread. */
        fun isBoundToThisThread(executor: Executor): Boolean =
            try {
                executor is ThreadBoundExecutor && executor.isCurrentThread()
            } catch (e: Throwable) {
                false // The user's code does not know. The wait then blocks, as with any executor.
            }
    }
}
