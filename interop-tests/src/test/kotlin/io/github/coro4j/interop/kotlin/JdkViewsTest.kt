package io.github.coro4j.interop.kotlin

import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.CancellationException
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.future.asDeferred
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** kotlinx uses the JDK views of this library, and this library follows JDK futures of kotlinx. */
class JdkViewsTest {
    @JvmField @RegisterExtension val leaks = NothingLeaks()

    @Test
    fun kotlinxAwaitsTheView() {
        leaks.open("page").use { scope ->
            val broken = IllegalStateException("broken")
            val value = scope.start(Callable { "value" })
            val failed = scope.start(Callable<String> { throw broken })
            runBlocking {
                assertEquals("value", value.toCompletableFuture().await())
                val thrown = runCatching { failed.toCompletableFuture().await() }.exceptionOrNull()
                // In the debug mode of coroutines kotlinx throws a copy, with the original below.
                assertTrue(thrown === broken || thrown?.cause === broken)
            }
        }
    }

    // kotlinx documents: "the CompletionStage is cancelled when the awaiting coroutine is".
    // So user code awaits a shared future directly, or through a shield.
    @Test
    @Rule(4)
    fun aCancelledAwaiterOfTheViewCancelsTheTask() {
        leaks.open("page").use { scope ->
            val gate = Gate()
            val owned = scope.launch("owned") { gate.pass() }
            val shared: Promise<String> = scope.start(Callable { Promise.create<String>() }).join()
            gate.awaitReached()
            runBlocking {
                val one =
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        owned.toCompletableFuture().await()
                    }
                val other =
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        shared.shield().toCompletableFuture().await()
                    }
                one.cancel()
                other.cancel()
            }
            val end = assertInstanceOf(Outcome.Cancelled::class.java, owned.joinOutcome())
            assertEquals(
                "its CompletableFuture was cancelled",
                (end.cancellation as TaskCancelledException).reason(),
            )
            assertTrue(shared.complete("value"))
        }
    }

    @Test
    @Rule(4)
    fun aCancelledDeferredOfTheViewCancelsTheTask() {
        leaks.open("page").use { scope ->
            val gate = Gate()
            val task = scope.launch("task") { gate.pass() }
            gate.awaitReached()
            val deferred: Deferred<Void?> = task.toCompletableFuture().asDeferred()
            deferred.cancel(CancellationException("not needed"))
            assertInstanceOf(Outcome.Cancelled::class.java, task.joinOutcome())
        }
    }

    @Test
    @Rule(4)
    fun aFutureOfACoroutineIsAStage() {
        runBlocking {
            assertEquals("value", Future.from(future { "value" }).toCompletableFuture().await())
            val broken = IOException("broken")
            val theirs = CompletableDeferred<String>()
            val failed = Future.from(theirs.asCompletableFuture())
            theirs.completeExceptionally(broken)
            assertSame(broken, failed.joinOutcome().exceptionOrNull())

            val never = future<String>(start = CoroutineStart.UNDISPATCHED) { awaitCancellation() }
            val following = Future.from(never)
            assertTrue(following.cancel("not needed"))
            TaskScope.global().join() // waits until the cancel has reached the coroutine
            assertTrue(never.isCancelled)
        }
    }

    @Test
    fun aCancellationOfOursArrivesAsItIs() {
        val cancelled: Future<String> = Future.cancelled("not needed")
        val thrown =
            assertThrows(TaskCancelledException::class.java) {
                runBlocking { cancelled.toCompletableFuture().await() }
            }
        assertSame(cancelled.exception(), thrown)
    }

    @Test
    fun aFutureOfTheJDKIsWatched() {
        val task = FutureTask<String?> { null }
        val future: Future<String?> = Future.fromBlocking(task)
        task.run()
        assertEquals(null, future.join())
    }

    @Test
    fun coroutinesRunOnAViewOfAScope() {
        leaks.open("page").use { scope ->
            val view = scope.asExecutorService()
            val dispatcher = view.asCoroutineDispatcher()
            runBlocking {
                assertEquals("page", withContext(dispatcher) { Task.current()!!.scope().name() })
            }
            view.shutdown()
            assertTrue(view.awaitTermination(1, TimeUnit.DAYS))
        }
    }
}
