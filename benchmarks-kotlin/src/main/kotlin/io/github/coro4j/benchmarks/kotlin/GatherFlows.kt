package io.github.coro4j.benchmarks.kotlin

import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asFlow
import io.github.coro4j.coroutines.await
import java.util.concurrent.Callable
import java.util.concurrent.Executor
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** Sums of what bodies return, from a flow in the order in which they end. */
class GatherFlows(private val scope: TaskScope, executor: Executor) {
    private val dispatcher = executor.asCoroutineDispatcher()

    fun coro4j(bodies: List<Callable<Int>>): Int =
        runBlocking(dispatcher) {
            var sum = 0
            scope.gather(bodies).asFlow().collect { sum += it.await() }
            sum
        }

    fun kotlinx(bodies: List<Callable<Int>>): Int =
        runBlocking(dispatcher) {
            var sum = 0
            channelFlow { bodies.forEach { launch { send(it.call()) } } }.collect { sum += it }
            sum
        }
}
