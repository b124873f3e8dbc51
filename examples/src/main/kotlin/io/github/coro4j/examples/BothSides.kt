package io.github.coro4j.examples

import io.github.coro4j.Outcome
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import java.io.PrintStream
import java.time.Duration
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/**
 * Two teams, two languages: a client in Kotlin awaits a service in Java, [BothSidesService], which
 * gathers over a repository in Kotlin, [BothSidesRepository]. A cancel goes all the way, from
 * either side.
 */
object BothSides {
    @JvmStatic
    fun main(args: Array<String>) {
        play(System.out, Duration.ofSeconds(1))
    }

    @JvmStatic
    fun play(out: PrintStream, patience: Duration) {
        val client = BothSidesClient(out)
        runBlocking(Dispatchers.Default) {
            client.awaitPrices(patience)
            client.goAway()
            client.letJavaCancel()
        }
    }
}

private class BothSidesClient(private val out: PrintStream) {
    private fun repository(vararg shops: String) = BothSidesRepository(shops.asList(), ::print)

    /** Each shop has its end as a value: an answer, a failure, or the time that was up. */
    suspend fun awaitPrices(patience: Duration) {
        print("== Kotlin awaits Java, which asks Kotlin")
        coroutineScope {
            val service = BothSidesService(repository("corner", "closed", "stuck", "market"))
            val prices = service.prices(asTaskScope("client"), "bread", patience).await()
            for ((shop, price) in prices) {
                when (price) {
                    is Outcome.Success -> print("$shop: ${price.value}")
                    is Outcome.Failure -> print("$shop: ${price.exception}")
                    is Outcome.Cancelled -> print("$shop: ${price.cancellation.message}")
                }
            }
        }
    }

    /**
     * The coroutine owns the task scope, so its cancel stops the gather, and that the repository.
     */
    suspend fun goAway() {
        print("== The client goes away while Java asks")
        val asked = repository("stuck")
        coroutineScope {
            val client = launch {
                val tasks = asTaskScope("client")
                BothSidesService(asked).prices(tasks, "milk", Duration.ofHours(1)).await()
            }
            asked.stuckIsAsked.await()
            client.cancel(CancellationException("the user went away"))
            client.join()
            print("client: gone, and nothing is left that worked for it")
        }
    }

    /** A coroutine that Java holds as a future, and cancels. */
    suspend fun letJavaCancel() {
        print("== Java cancels a coroutine")
        val asked = repository("stuck")
        coroutineScope {
            val price = async(CoroutineName("salt")) { asked.price("stuck", "salt") }
            asked.stuckIsAsked.await()
            val end =
                withContext(Dispatchers.IO) { BothSidesService(asked).giveUp(price.asFuture()) }
            print("service: $end")
        }
    }

    // Not println(): the text is the same on every system.
    private fun print(line: String) = out.print(line + "\n")
}
