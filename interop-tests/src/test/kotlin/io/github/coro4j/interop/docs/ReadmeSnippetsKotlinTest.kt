package io.github.coro4j.interop.docs

import io.github.coro4j.Future
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.NothingLeaks
import java.nio.file.Path
import java.util.concurrent.Callable
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

data class Cart(val items: Int)

/** What the README has Java and Kotlin call. */
class ReadmeRepository {
    private val never = Promise.create<Cart>()

    /** The user goes away before it is there. */
    suspend fun loadCart(user: Int): Cart = if (user == 42) never.await() else Cart(user)

    suspend fun loadNews(): List<String> = listOf("bread is out")
}

/** Every Kotlin snippet of the README is a region of this class, and runs. */
class ReadmeSnippetsKotlinTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val repository = ReadmeRepository()
    private val service = Service()

    @Test
    fun everySnippetIsARegionOfThisClass() {
        val self =
            Path.of("src/test/kotlin/io/github/coro4j/interop/docs/ReadmeSnippetsKotlinTest.kt")
        assertEquals(
            Snippets.fenced(Path.of("..", "README.md"), "kotlin"),
            Snippets.regions(self),
        )
    }

    @Test
    fun fromKotlin() =
        runBlocking<Unit> {
            leaks.open("scope").use { scope ->
                // region From Kotlin
                val user =
                    service.loadUser(42).await() // Java's future; it throws the original exception
                val cart =
                    scope.task("cart") {
                        repository.loadCart(42)
                    } // a suspend body is a task for Java
                val news = async {
                    repository.loadNews()
                }
                    .asFuture() // a Deferred is a future for Java
                // endregion
                assertEquals("user 42", user)
                assertEquals(listOf("bread is out"), news.await())
                assertEquals("cart", cart.name())
            }
        }

    private class Service {
        fun loadUser(id: Int): Future<String> = Task.start(Callable { "user $id" })
    }
}
