package io.github.coro4j.benchmarks.kotlin

import io.github.coro4j.Future
import io.github.coro4j.Promise
import io.github.coro4j.coroutines.await
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.Executor
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runBlocking

/** One coroutine that awaits again and again, on the event loop of `runBlocking`. */
object AwaitLoops {
    @JvmStatic fun done(future: Future<Int>, n: Int): Int = sum(n) { future.await() }

    @JvmStatic fun done(stage: CompletionStage<Int>, n: Int): Int = sum(n) { stage.await() }

    @JvmStatic fun done(deferred: Deferred<Int>, n: Int): Int = sum(n) { deferred.await() }

    /** Awaits [n] promises in turn, each completed by [executor]. */
    @JvmStatic
    fun promises(n: Int, value: Int, executor: Executor): Int =
        sum(n) {
            val promise = Promise.create<Int>()
            executor.execute { promise.complete(value) }
            promise.await()
        }

    @JvmStatic
    fun completableFutures(n: Int, value: Int, executor: Executor): Int =
        sum(n) {
            val future = CompletableFuture<Int>()
            executor.execute { future.complete(value) }
            future.await()
        }

    @JvmStatic
    fun completableDeferreds(n: Int, value: Int, executor: Executor): Int =
        sum(n) {
            val deferred = CompletableDeferred<Int>()
            executor.execute { deferred.complete(value) }
            deferred.await()
        }

    /** Inline, so that each contestant has a coroutine of its own class. */
    private inline fun sum(n: Int, crossinline next: suspend () -> Int): Int = runBlocking {
        var sum = 0
        repeat(n) { sum += next() }
        sum
    }
}
