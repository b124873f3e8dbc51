package io.github.coro4j.benchmarks.kotlin

import io.github.coro4j.Gather
import io.github.coro4j.TaskScope

/** Coro4j with bodies that are Kotlin lambdas. */
class Coro4jFromKotlin(private val scope: TaskScope) {
    fun gather(items: List<Int>): List<Int> = scope.gather(items) { it and 127 }.all().join()

    fun tasks(items: List<Int>): List<Int> =
        Gather.of(items.map { scope.start { it and 127 } }).all().join()
}
