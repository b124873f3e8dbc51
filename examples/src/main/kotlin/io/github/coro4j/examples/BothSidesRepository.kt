package io.github.coro4j.examples

import java.io.IOException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.yield

/** Of a team that writes Kotlin: suspend functions, and no word of Coro4j. */
class BothSidesRepository(private val shops: List<String>, private val print: (String) -> Unit) {
    /** Complete when the shop that never answers has been asked. */
    val stuckIsAsked = CompletableDeferred<Unit>()

    suspend fun shops(): List<String> {
        yield()
        return shops
    }

    suspend fun price(shop: String, item: String): Int {
        yield()
        return when (shop) {
            "corner" -> 12
            "market" -> 9
            "closed" -> throw IOException("no $item on Sundays")
            else -> neverAnswer(shop)
        }
    }

    private suspend fun neverAnswer(shop: String): Int =
        try {
            stuckIsAsked.complete(Unit)
            awaitCancellation()
        } catch (e: CancellationException) {
            print("repository: $shop is not asked any more: ${e.message}")
            throw e
        }
}
