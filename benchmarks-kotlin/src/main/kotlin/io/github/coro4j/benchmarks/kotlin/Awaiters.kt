package io.github.coro4j.benchmarks.kotlin

import io.github.coro4j.Promise
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.coroutines.await
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.future.asDeferred
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runBlocking

/** Coroutines on one dispatcher, each of which awaits a future of its own. */
class Awaiters private constructor(dispatcher: CoroutineDispatcher) {
    private val scope = CoroutineScope(dispatcher + SupervisorJob())

    fun promises(n: Int, value: Int): Int =
        each(List(n) { Promise.create<Int>() }, { it.await() }) { it.complete(value) }

    fun completableFutures(n: Int, value: Int): Int =
        each(List(n) { CompletableFuture<Int>() }, { it.await() }) { it.complete(value) }

    fun completableDeferreds(n: Int, value: Int): Int =
        each(List(n) { CompletableDeferred<Int>() }, { it.await() }) { it.complete(value) }

    fun promisesAsDeferred(n: Int, value: Int): Int =
        each(List(n) { Promise.create<Int>() }, { it.asDeferred().await() }) { it.complete(value) }

    fun completableFuturesAsDeferred(n: Int, value: Int): Int =
        each(List(n) { CompletableFuture<Int>() }, { it.asDeferred().await() }) {
            it.complete(value)
        }

    /** Begins the coroutines undispatched, so that each is suspended before its future is done. */
    private inline fun <P> each(
        pending: List<P>,
        crossinline await: suspend (P) -> Int,
        complete: (P) -> Unit,
    ): Int {
        val coroutines = pending.map {
            scope.async(start = CoroutineStart.UNDISPATCHED) { await(it) }
        }
        pending.forEach(complete)
        return runBlocking { coroutines.awaitAll().sum() }
    }

    companion object {
        @JvmStatic fun onDefault(): Awaiters = Awaiters(Dispatchers.Default)

        @JvmStatic fun on(executor: Executor): Awaiters = Awaiters(executor.asCoroutineDispatcher())
    }
}
