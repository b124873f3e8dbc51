package io.github.coro4j.interop.kotlin

import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.interop.testing.SlowCleanUp
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R29: Kotlin calls an interface with suspend members that Java implements. */
class ReturningTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(29)
    fun theCallerGetsTheValue() =
        runBlocking<Unit> {
            val promise = Promise.create<String>()
            val users = JavaUsers(promise)
            val waiting = async(start = CoroutineStart.UNDISPATCHED) { users.load(1) }
            assertFalse(waiting.isCompleted)
            promise.complete("Ann")
            assertEquals("Ann", waiting.await())
            assertEquals("Ann", users.load(1))
            assertEquals(listOf("a", "b"), users.loadAll())
            assertNull(users.find(1))
            users.save("Bob")
            assertEquals(listOf("Bob"), users.saved)
        }

    @Test
    @Rule(29)
    fun theCallerGetsTheOriginalFailure() =
        runBlocking<Unit> {
            val original = IOException("boo")
            val promise = Promise.create<String>()
            val waiting =
                async(start = CoroutineStart.UNDISPATCHED) {
                    runCatching { JavaUsers(promise).load(1) }.exceptionOrNull()
                }
            promise.fail(original)
            assertSame(original, waiting.await())
        }

    @Test
    @Rule(29)
    fun aCancelOfTheCallerCancelsTheFutureAndWaitsForIt() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val gate = Gate()
                val cleaning = Gate()
                val task =
                    scope.start(
                        "load",
                        SlowCleanUp(gate, cleaning),
                    )
                val caller = launch(start = CoroutineStart.UNDISPATCHED) { JavaUsers(task).load(1) }
                gate.awaitReached()
                caller.cancel(CancellationException("enough"))
                // The caller sees its cancel here, and then cancels the future.
                withContext(kotlinx.coroutines.Dispatchers.IO) {}
                kotlinx.coroutines.yield()
                withContext(kotlinx.coroutines.Dispatchers.IO) { cleaning.awaitReached() }
                assertFalse(caller.isCompleted)
                assertTrue(task.isCancelling)
                cleaning.open()
                caller.join()
                val end = task.outcome() as Outcome.Cancelled
                assertEquals("load was cancelled: enough", end.cancellation.message)
                assertTrue(caller.isCancelled)
            }
        }

    @Test
    @Rule(7)
    fun failureOfTheCleanUp_reachesTheCaller() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val gate = Gate()
                val original = IOException("boo")
                val task =
                    scope.start<String>(
                        "load",
                        Callable {
                            try {
                                gate.pass()
                                "value"
                            } finally {
                                throw original
                            }
                        },
                    )
                val seen = Promise.create<Throwable>()
                val caller =
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        try {
                            JavaUsers(task).load(1)
                        } catch (e: Throwable) {
                            seen.complete(e)
                        }
                    }
                gate.awaitReached()
                caller.cancel()
                caller.join()
                assertSame(original, seen.result())
                assertTrue(original.suppressed.single() is TaskCancelledException)
            }
        }

    @Test
    @Rule(29)
    fun aCancelledFutureCancelsTheCall() =
        runBlocking<Unit> {
            val promise = Promise.create<String>()
            promise.cancel("not needed")
            val seen = runCatching { JavaUsers(promise).load(1) }.exceptionOrNull()
            assertSame(promise.exception(), seen)
        }

    @Test
    @Rule(29)
    fun caller_resumesOnItsDispatcher() =
        runBlocking<Unit> {
            Executors.newSingleThreadExecutor { Thread(it, "mine") }
                .asCoroutineDispatcher()
                .use { mine ->
                    val promise = Promise.create<String>()
                    val waiting =
                        async(mine, CoroutineStart.UNDISPATCHED) {
                            JavaUsers(promise).load(1)
                            Thread.currentThread().name
                        }
                    promise.complete("x")
                    assertTrue(waiting.await().startsWith("mine"))
                }
        }

    @Test
    @Rule(29)
    fun taskThatTheJavaMethodStarts_belongsToTheScopeOfTheCaller() {
        leaks.open("page").use { scope ->
            assertEquals(
                listOf("a", "b"),
                scope.task { JavaUsers(Future.completed("")).loadAll() }.join(),
            )
            val seen = Promise.create<Task<*>>()
            val users =
                object {
                    fun load() = Task.start(Callable { seen.complete(Task.current()!!) })
                }
            scope.task { users.load().join() }.join()
            assertSame(scope, seen.join().scope())
        }
    }

    @Test
    fun badInputIsRefused() =
        runBlocking<Unit> {
            val nothing: Future<String>? = null
            val thrown =
                assertThrows(NullPointerException::class.java) {
                    @Suppress("UNCHECKED_CAST")
                    runBlocking {
                        suspendCoroutineUninterceptedOrReturn<String> { c ->
                            Class.forName("io.github.coro4j.coroutines.Suspend")
                                .getMethod(
                                    "returning",
                                    kotlin.coroutines.Continuation::class.java,
                                    Future::class.java,
                                )
                                .let { method ->
                                    try {
                                        method.invoke(null, c, nothing)
                                    } catch (e: java.lang.reflect.InvocationTargetException) {
                                        throw e.targetException
                                    }
                                }
                        }
                    }
                }
            assertTrue(thrown.message!!.startsWith("future must not be null: "), thrown.message)
        }
}
