package io.github.coro4j.interop.docs

import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Task
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
import io.github.coro4j.coroutines.orTimeout
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Snippets
import io.github.coro4j.interop.testing.Trail
import java.nio.file.Path
import java.util.concurrent.Callable
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** Every Kotlin snippet of docs/interop.md is a region here or in Repository, and runs. */
class InteropDocKotlinTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val trail = Trail()
    private val repository = Repository()
    private val shop = Shop()

    @Test
    fun everySnippetIsARegionOfATest() {
        val tests = Path.of("src/test/kotlin/io/github/coro4j/interop/docs")
        assertEquals(
            Snippets.fenced(Path.of("..", "docs", "interop.md"), "kotlin").sorted(),
            listOf("InteropDocKotlinTest.kt", "Repository.kt")
                .flatMap { Snippets.regions(tests.resolve(it)) }
                .sorted(),
        )
    }

    @Test
    fun kotlinAwaitsJava() =
        runBlocking<Unit> {
            // region Kotlin awaits a Java task
            val items = shop.countItems(42).await()
            val both = listOf(shop.countItems(1), shop.countItems(2)).awaitAll()
            val soon = shop.countItems(42).orTimeout(20.seconds).await()
            // endregion
            assertEquals(listOf(3, listOf(3, 3), 3), listOf(items, both, soon))
        }

    @Test
    fun kotlinHandlesTheOutcome() =
        runBlocking<Unit> {
            suspend fun text(user: Int): String {
                // region Kotlin handles the outcome
                return when (val end = shop.countItems(user).awaitOutcome()) {
                    is Outcome.Success -> "${end.value} items"
                    is Outcome.Failure -> "no cart: ${end.exception.message}"
                    is Outcome.Cancelled -> "cancelled: ${end.cancellation.message}"
                }
                // endregion
            }
            assertEquals("3 items", text(42))
            assertEquals("no cart: no user -1", text(-1))
        }

    @Test
    fun kotlinStopsAJavaTask() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val gate = Gate()
                val task = scope.start("load", Callable { gate.pass() })
                gate.awaitReached()
                // region Kotlin stops a Java task
                val end = task.cancelAndAwait("the user went away") // the body has ended
                // endregion
                assertEquals(
                    "load was cancelled: the user went away",
                    (end as Outcome.Cancelled).cancellation.message,
                )
            }
        }

    // region Java works for a screen
    class PageModel(private val shop: Shop, viewModelScope: CoroutineScope) {
        private val tasks = viewModelScope.asTaskScope("page") // one, and kept

        fun page(user: Int): Future<String> = shop.render(tasks, user)
    }

    // endregion

    @Test
    fun javaWorksForAScreen() =
        runBlocking<Unit> {
            val viewModelScope = CoroutineScope(SupervisorJob())
            val model = PageModel(shop, viewModelScope)
            assertEquals("user 42: 3", model.page(42).await())
            viewModelScope.cancel()
            viewModelScope.coroutineContext.job.join()
            // The scope refuses the task, or cancels it while it closes itself.
            assertTrue(runCatching { model.page(42).await() }.isFailure)
        }

    @Test
    fun coroutinesInATaskScope() {
        leaks.open("page").use { scope ->
            val log = Log()
            // region Coroutines in a task scope
            scope.asCoroutineScope().launch { log.lines().collect { show(it) } }
            // endregion
            scope.join()
            trail.assertSteps("INFO a", "ERROR b", "ERROR c")
        }
    }

    @Test
    fun aGatherAsAFlow() =
        runBlocking<Unit> {
            val items = listOf(1, 2)
            leaks.open("page").use { scope ->
                // region A gather as a flow
                scope
                    .gather(items) { shop.price(it) }
                    .concurrency(8)
                    .asFlow()
                    .collect { price -> show(price.outcome()) }
                // endregion
                assertEquals(
                    listOf("Success[value=10]", "Success[value=20]"),
                    trail.steps().sorted(),
                )
            }
        }

    @Test
    fun deferredAndFuture() =
        runBlocking<Unit> {
            // region Deferred and Future
            val items: Deferred<Int> = shop.countItems(42).asDeferred()
            val user: Future<User> = async(CoroutineName("user")) { repository.load(42) }.asFuture()
            // endregion
            assertEquals(3, items.await())
            assertEquals(User(42, "user 42"), user.await())
            assertSame(items, items.asFuture().asDeferred())
        }

    private fun show(what: Any) = trail.add(what)
}

// region A suspend body is a task
fun greeting(scope: TaskScope, users: Users, id: Int): Task<String> =
    scope.task("greeting") { "Dear " + users.load(id).name }

// endregion

/** Returns the value of a thread-local that a suspend body sees. */
fun inASuspendBody(scope: TaskScope, local: ThreadLocal<String>): Task<String> = scope.task {
    local.get()
}
