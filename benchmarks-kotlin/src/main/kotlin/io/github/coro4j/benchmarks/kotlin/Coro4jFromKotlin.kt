package io.github.coro4j.benchmarks.kotlin

import io.github.coro4j.Gather
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.gatherSuspending
import kotlinx.coroutines.delay

/** Coro4j with bodies that are Kotlin lambdas. */
class Coro4jFromKotlin(private val scope: TaskScope) {
    fun gather(items: List<Int>): List<Int> = scope.gather(items) { it and 127 }.all().join()

    /** Waits [millis] for each of the items, for at most [atOnce] at once. */
    fun limitDelays(items: List<Int>, atOnce: Int, millis: Long): List<Int> =
        scope
            .gatherSuspending(items) {
                delay(millis)
                it
            }
            .concurrency(atOnce)
            .all()
            .join()

    fun tasks(items: List<Int>): List<Int> =
        Gather.of(items.map { scope.start { it and 127 } }).all().join()
}
