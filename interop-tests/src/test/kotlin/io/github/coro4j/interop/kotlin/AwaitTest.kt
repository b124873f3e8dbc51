package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitAll
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.cancelAndAwait
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.interop.testing.SlowCleanUp
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R28: Kotlin waits for what Java has started. */
class AwaitTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(28)
    fun await_returnsTheValueBeforeAndAfterTheEnd() =
        runBlocking<Unit> {
            leaks.open("values").use { scope ->
                val gate = Gate()
                val task =
                    scope.start(
                        "late",
                        Callable {
                            gate.pass()
                            "value"
                        },
                    )
                val waiting = async(start = CoroutineStart.UNDISPATCHED) { task.await() }
                assertFalse(waiting.isCompleted)
                gate.open()
                assertEquals("value", waiting.await())
                assertEquals("value", task.await())
                assertNull(scope.start(Callable<String?> { null }).await())
            }
        }

    @Test
    @Rule(28)
    fun awaitThrowsTheOriginalFailure() =
        runBlocking<Unit> {
            leaks.open("failures").use { scope ->
                val original = IOException("boo")
                original.addSuppressed(IllegalStateException("beside it"))
                val gate = Gate()
                val task =
                    scope.start(
                        "late",
                        Callable<String> {
                            gate.pass()
                            throw original
                        },
                    )
                val waiting =
                    async(start = CoroutineStart.UNDISPATCHED) { runCatching { task.await() } }
                gate.open()
                assertSame(original, waiting.await().exceptionOrNull())
                assertSame(original, runCatching { task.await() }.exceptionOrNull())
                assertEquals(Outcome.Failure<String>(original), task.awaitOutcome())
            }
        }

    @Test
    @Rule(15)
    fun await_unwrapsOnceAsJoinDoes() =
        runBlocking<Unit> {
            leaks.open("failures").use { scope ->
                val original = IOException("boo")
                val page =
                    scope.start(
                        "page",
                        Callable { scope.start(Callable<String> { throw original }).join() },
                    )
                assertSame(original, runCatching { page.await() }.exceptionOrNull())
                assertTrue(page.exception() is java.util.concurrent.CompletionException)
            }
        }

    @Test
    @Rule(28)
    fun awaitOfACancelledFuture_throwsAndLeavesTheCoroutineAlone() =
        runBlocking<Unit> {
            val promise = Promise.create<String>()
            promise.cancel("not needed")
            val seen = runCatching { promise.await() }.exceptionOrNull()
            assertSame(promise.exception(), seen)
            assertEquals("not needed", (seen as TaskCancelledException).reason())
            assertTrue(promise.awaitOutcome() is Outcome.Cancelled)
        }

    @Test
    @Rule(28)
    fun cancelOfAnAwait_doesNotCancelTheFuture() =
        runBlocking<Unit> {
            leaks.open("shared").use { scope ->
                val gate = Gate()
                val task =
                    scope.start(
                        "shared",
                        Callable {
                            gate.pass()
                            "value"
                        },
                    )
                val first = launch(start = CoroutineStart.UNDISPATCHED) { task.await() }
                val second = async(start = CoroutineStart.UNDISPATCHED) { task.await() }
                first.cancelAndJoin()
                assertFalse(task.isCancelling)
                gate.open()
                assertEquals("value", second.await())
            }
        }

    @Test
    @Rule(28)
    fun cancelAndAwaitReturnsWhenTheBodyHasEnded() =
        runBlocking<Unit> {
            leaks.open("stop").use { scope ->
                val gate = Gate()
                val cleaning = Gate()
                var cleaned = false
                val task =
                    scope.start(
                        "load",
                        SlowCleanUp(gate, cleaning).then { cleaned = true },
                    )
                gate.awaitReached()
                val stopping =
                    async(start = CoroutineStart.UNDISPATCHED) { task.cancelAndAwait("enough") }
                cleaning.awaitReached()
                assertFalse(stopping.isCompleted)
                cleaning.open()
                val end = stopping.await() as Outcome.Cancelled
                assertTrue(cleaned)
                assertEquals("load was cancelled: enough", end.cancellation.message)
            }
        }

    @Test
    @Rule(28)
    fun await_resumesOnTheDispatcherAndNeverOnTheCompletersStack() =
        runBlocking<Unit> {
            Executors.newSingleThreadExecutor { Thread(it, "mine") }
                .asCoroutineDispatcher()
                .use { mine ->
                    val promise = Promise.create<String>()
                    val there =
                        async(mine, CoroutineStart.UNDISPATCHED) {
                            promise.await()
                            Thread.currentThread().name
                        }
                    val unconfined =
                        async(Dispatchers.Unconfined) {
                            promise.await()
                            Thread.currentThread()
                        }
                    promise.complete("x")
                    assertTrue(there.await().startsWith("mine"))
                    assertFalse(unconfined.await() === Thread.currentThread())
                }
        }

    @Test
    @Rule(28)
    fun awaitAllKeepsTheOrderAndThrowsTheFirstFailure() =
        runBlocking<Unit> {
            leaks.open("all").use { scope ->
                val gate = Gate()
                val tasks =
                    listOf(
                        scope.start(
                            Callable {
                                gate.pass()
                                1
                            }
                        ),
                        scope.start(
                            Callable {
                                gate.open()
                                2
                            }
                        ),
                    )
                assertEquals(listOf(1, 2), tasks.awaitAll())
                val original = IOException("boo")
                val last = Promise.create<Int>()
                val failing = scope.start(Callable<Int> { throw original })
                assertSame(
                    original,
                    runCatching { listOf(last, failing).awaitAll() }.exceptionOrNull(),
                )
                assertFalse(last.isDone)
                last.complete(3)
            }
        }

    // ---- R25: circles of waits that hold no thread

    @Test
    @Rule(25)
    fun suspendBodiesThatAwaitEachOther_failWithDeadlock() {
        leaks.open("circle").use { scope ->
            val first = Promise.create<Future<Int>>()
            val second = scope.task("second") { first.await().await() }
            val begun = scope.task("first") { second.await() }
            first.complete(begun)
            val ends = listOf(begun.joinOutcome(), second.joinOutcome())
            val circle =
                ends.map { it.exceptionOrNull() }.filterIsInstance<DeadlockException>().first()
            assertTrue(circle.message!!.contains("task \"first\""), circle.message)
            assertTrue(circle.message!!.contains("task \"second\""), circle.message)
        }
    }

    @Test
    @Rule(25)
    fun suspendBodyAndBlockingBodyThatWaitForEachOther_failWithDeadlock() = assertCircle {
        it.await()
    }

    @Test @Rule(25) fun blockingWaitInASuspendBody_isPartOfTheCircle() = assertCircle { it.join() }

    /**
     * Checks the circle of a suspend body, which waits by [wait], and a body of Java that waits for
     * it.
     */
    private fun assertCircle(wait: suspend (Future<Int>) -> Int) {
        leaks.open("circle").use { scope ->
            val given = Promise.create<Future<Int>>()
            val suspending = scope.task("suspending") { wait(given.await()) }
            val blocking = scope.start("blocking", Callable { suspending.join() })
            given.complete(blocking)
            val ends = listOf(suspending.joinOutcome(), blocking.joinOutcome())
            assertTrue(
                ends.any { it is Outcome.Failure && it.cause() is DeadlockException },
                ends.toString(),
            )
        }
    }

    @Test
    @Rule(25)
    fun taskThatAwaitsItself_failsWithDeadlock() {
        leaks.open("self").use { scope ->
            val given = Promise.create<Future<Int>>()
            val task = scope.task("self") { given.await().await() }
            given.complete(task)
            assertTrue(task.joinOutcome().exceptionOrNull() is DeadlockException)
        }
    }

    @Test
    fun futureOfAnotherImplementation_isRefused() {
        val strange =
            java.lang.reflect.Proxy.newProxyInstance(
                Future::class.java.classLoader,
                arrayOf(Future::class.java),
            ) { _, method, _ ->
                if (method.name == "toString") "strange" else null
            } as Future<*>
        val thrown =
            assertThrows(IllegalArgumentException::class.java) { runBlocking { strange.await() } }
        assertTrue(thrown.message!!.startsWith("the receiver of await() is a "), thrown.message)
    }
}
