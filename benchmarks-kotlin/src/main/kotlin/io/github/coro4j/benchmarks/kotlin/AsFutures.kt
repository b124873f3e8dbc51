package io.github.coro4j.benchmarks.kotlin

import io.github.coro4j.coroutines.asFuture
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.future.asCompletableFuture

/** Futures made of [CompletableDeferred]s, which the caller then completes, and joined. */
object AsFutures {
    @JvmStatic
    fun coro4j(n: Int, value: Int): Int {
        val deferreds = List(n) { CompletableDeferred<Int>() }
        val futures = deferreds.map { it.asFuture() }
        deferreds.forEach { it.complete(value) }
        return futures.sumOf { it.join() }
    }

    @JvmStatic
    fun completableFuture(n: Int, value: Int): Int {
        val deferreds = List(n) { CompletableDeferred<Int>() }
        val futures = deferreds.map { it.asCompletableFuture() }
        deferreds.forEach { it.complete(value) }
        return futures.sumOf { it.join() }
    }
}
