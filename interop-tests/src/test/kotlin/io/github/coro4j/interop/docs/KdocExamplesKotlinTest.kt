package io.github.coro4j.interop.docs

import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asFlow
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.gatherSuspending
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Snippets
import io.github.coro4j.interop.testing.Trail
import java.nio.file.Path
import java.util.TreeSet
import java.util.concurrent.Callable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** Every Kotlin example of the KDoc is a region of this class, and runs. */
class KdocExamplesKotlinTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val trail = Trail()
    private val repository = Repository()
    private val users = Loader()
    private val shop = Loader()
    private val service = Loader()

    /** The interface that Java implements in the KDoc. */
    interface Users {
        suspend fun load(id: Int): User
    }

    @Test
    fun everyExampleIsARegionOfThisClass() {
        val self =
            Path.of("src/test/kotlin/io/github/coro4j/interop/docs/KdocExamplesKotlinTest.kt")
        val examples = KdocExamplesTest.examples("")
        assertTrue(examples.size >= 5, "too few examples were found")
        assertEquals(examples, TreeSet(Snippets.regions(self)))
    }

    @Test
    fun awaiting() =
        runBlocking<Unit> {
            // region await
            val user = users.load(42).await()
            // endregion
            assertEquals("user 42", user.name)
        }

    @Test
    fun awaitingTheOutcome() =
        runBlocking<Unit> {
            // region awaitOutcome
            val text =
                when (val end = users.load(42).awaitOutcome()) {
                    is Outcome.Success -> end.value.name
                    is Outcome.Failure -> "failed: ${end.exception}"
                    is Outcome.Cancelled -> "cancelled: ${end.cancellation.message}"
                }
            // endregion
            assertEquals("user 42", text)
        }

    @Test
    fun gatherAsFlow() =
        runBlocking<Unit> {
            val urls = listOf("a")
            leaks.open("scope").use { scope ->
                // region asFlow
                scope.gather(urls) { fetch(it) }.asFlow().collect { page -> show(page.outcome()) }
                // endregion
            }
            trail.assertSteps("Success[value=page a]")
        }

    @Test
    fun gatherSuspending() =
        runBlocking<Unit> {
            val ids = listOf(1, 2)
            leaks.open("scope").use { scope ->
                // region gatherSuspending
                val users =
                    scope
                        .gatherSuspending(ids) { id -> repository.load(id) }
                        .concurrency(100)
                        .all()
                        .await()
                // endregion
                assertEquals(listOf("user 1", "user 2"), users.map { it.name })
            }
        }

    @Test
    fun suspendBody() =
        runBlocking<Unit> {
            // region task
            TaskScope.open("page").use { scope ->
                val user = scope.task("user") { repository.load(42) }
                val cart = scope.start("cart", Callable { shop.cart(42) })
                render(user.await(), cart.await())
            }
            // endregion
            trail.assertSteps("user 42: 3")
        }

    @Test
    fun taskScope() =
        runBlocking<Unit> {
            // region asTaskScope
            coroutineScope {
                val page = service.renderIn(asTaskScope("page")) // Java, which starts tasks there
                show(page.await())
            } // No task is left here, even after a cancel.
            // endregion
            trail.assertSteps("page")
        }

    /** Returns futures as a Java class does. */
    private class Loader {
        fun load(id: Int): Future<User> = Task.start(Callable { User(id, "user $id") })

        fun cart(user: Int) = user / 14

        fun renderIn(scope: TaskScope): Task<String> = scope.start(Callable { "page" })
    }

    private fun fetch(url: String) = "page $url"

    private fun render(user: User, cart: Int) = trail.add("${user.name}: $cart")

    private fun show(what: Any) = trail.add(what)
}
