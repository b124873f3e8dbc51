package io.github.coro4j.consumer

import io.github.coro4j.Outcome
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.coroutines.asFlow
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitAll
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.cancelAndAwait
import io.github.coro4j.coroutines.task
import io.github.coro4j.coroutines.timeout
import io.github.coro4j.coroutines.toResult
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

/** A program that uses the functions for Kotlin as a user does. Each function returns what it got. */
object Consumer {
    fun results(): Map<String, Any?> =
        TaskScope.open("consumer").use { scope ->
            runBlocking {
                mapOf(
                    "await" to scope.start("user") { "Ann" }.await(),
                    "outcome" to outcome(scope),
                    "task" to scope.task("answer") { yield().let { 42 } }.await(),
                    "cancel" to stopped(scope),
                    "gather" to gathered(scope),
                    "flow" to ends(scope),
                    "all" to listOf(scope.task { 1 }, scope.task { 2 }).awaitAll(),
                    "deferred" to async { 3 }.asFuture().asDeferred().await(),
                    "coroutine" to scope.asCoroutineScope().async { 4 }.await(),
                    "scope" to asTaskScope("inner").use { it.start("five") { 5 }.await() },
                )
            }
        }

    private suspend fun outcome(scope: TaskScope): String {
        val task = scope.start<String>("broken") { throw IllegalStateException("out of order") }
        return when (val end = task.awaitOutcome()) {
            is Outcome.Success -> end.value
            is Outcome.Failure -> "${end.exception.message}, ${end.toResult().isFailure}"
            is Outcome.Cancelled -> "cancelled"
        }
    }

    private suspend fun stopped(scope: TaskScope): String {
        val task = scope.task<Int>("endless") { awaitCancellation() }
        return task.cancelAndAwait("not needed").toString()
    }

    private suspend fun gathered(scope: TaskScope): List<Int> =
        scope.gather(listOf(1, 2, 3)) { it * 10 }.timeout(1.minutes).all().await()

    private suspend fun ends(scope: TaskScope): Set<Int> =
        scope.gather(listOf(1, 2, 3)) { -it }.asFlow().map { it.await() }.toList().toSet()
}
