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
    @JvmStatic
    fun done(future: Future<Int>, n: Int): Int = runBlocking {
        var sum = 0
        repeat(n) { sum += future.await() }
        sum
    }

    @JvmStatic
    fun done(stage: CompletionStage<Int>, n: Int): Int = runBlocking {
        var sum = 0
        repeat(n) { sum += stage.await() }
        sum
    }

    @JvmStatic
    fun done(deferred: Deferred<Int>, n: Int): Int = runBlocking {
        var sum = 0
        repeat(n) { sum += deferred.await() }
        sum
    }

    /** [n] promises in turn, each completed by [executor]. */
    @JvmStatic
    fun promises(n: Int, value: Int, executor: Executor): Int = runBlocking {
        var sum = 0
        repeat(n) {
            val promise = Promise.create<Int>()
            executor.execute { promise.complete(value) }
            sum += promise.await()
        }
        sum
    }

    @JvmStatic
    fun completableFutures(n: Int, value: Int, executor: Executor): Int = runBlocking {
        var sum = 0
        repeat(n) {
            val future = CompletableFuture<Int>()
            executor.execute { future.complete(value) }
            sum += future.await()
        }
        sum
    }

    @JvmStatic
    fun completableDeferreds(n: Int, value: Int, executor: Executor): Int = runBlocking {
        var sum = 0
        repeat(n) {
            val deferred = CompletableDeferred<Int>()
            executor.execute { deferred.complete(value) }
            sum += deferred.await()
        }
        sum
    }
}
