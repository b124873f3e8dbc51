package io.github.coro4j.interop.guide

import io.github.coro4j.Future
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

// region A library for Kotlin and Java
class Rates(private val scope: TaskScope, private val load: suspend (String) -> Double) {
    /** For Kotlin. */
    @JvmSynthetic suspend fun rate(currency: String): Double = load(currency)

    /** For Java. */
    fun rateOf(currency: String): Future<Double> = scope.task("rate $currency") { rate(currency) }
}

// endregion

fun fixedRates(scope: TaskScope): Rates = Rates(scope) { 1.25 }

/**
 * The library of docs/guide/recipes.md for callers in two languages. RecipesGuideTest calls it from
 * Java.
 */
class RatesTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    fun kotlinCallsTheSuspendFunction() =
        runBlocking<Unit> {
            leaks.open("app").use { assertEquals(1.25, fixedRates(it).rate("EUR")) }
        }

    @Test
    fun aCancelOfTheFuture_endsTheSuspendFunction() {
        leaks.open("app").use { scope ->
            val begun = CompletableDeferred<Unit>()
            val rates =
                Rates(scope) {
                    begun.complete(Unit)
                    awaitCancellation()
                }
            val rate = rates.rateOf("EUR")
            runBlocking { begun.await() }
            assertTrue(rate.cancelAndJoin("enough").isCancelled)
        }
    }
}
