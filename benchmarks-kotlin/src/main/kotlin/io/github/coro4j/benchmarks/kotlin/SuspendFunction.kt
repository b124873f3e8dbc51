package io.github.coro4j.benchmarks.kotlin

import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.future.future
import kotlinx.coroutines.yield

/** A suspend function, and the ways of kotlinx.coroutines to call it without suspending. */
abstract class SuspendFunction private constructor(executor: Executor) {
    private val scope = CoroutineScope(executor.asCoroutineDispatcher() + SupervisorJob())

    abstract suspend fun answer(): Int

    fun future(): CompletableFuture<Int> = scope.future { answer() }

    fun async(): Deferred<Int> = scope.async { answer() }

    companion object {
        /** Never suspends, and so has no state machine. */
        @JvmStatic
        fun immediate(executor: Executor, value: Int): SuspendFunction =
            object : SuspendFunction(executor) {
                override suspend fun answer(): Int = value
            }

        /** Suspends once, and goes on from the end of the executor's queue. */
        @JvmStatic
        fun suspending(executor: Executor, value: Int): SuspendFunction =
            object : SuspendFunction(executor) {
                override suspend fun answer(): Int {
                    yield()
                    return value
                }
            }
    }
}
