package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R28: a future as a `Deferred`. */
@OptIn(ExperimentalCoroutinesApi::class)
class DeferredTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(28)
    fun conversion_returnsTheSameObjectBothWays() {
        leaks.open("same").use { scope ->
            val task = scope.start(Callable { 1 })
            val deferred = task.asDeferred()
            assertSame(deferred, task.asDeferred())
            assertSame(task, deferred.asFuture())
            val promise = Promise.create<Int>()
            assertSame(promise, promise.asDeferred().asFuture())
            promise.complete(1)
            val derived = task.map { it + 1 }
            assertSame(derived, derived.asDeferred().asFuture())
            assertEquals(2, derived.join())
        }
    }

    @Test
    @Rule(28)
    fun awaitAndAwaitAllAndSelectOfKotlinx_work() =
        runBlocking<Unit> {
            leaks.open("kotlinx").use { scope ->
                val one = scope.start(Callable { 1 }).asDeferred()
                val two = scope.start(Callable { 2 }).asDeferred()
                assertEquals(listOf(1, 2), listOf(one, two).awaitAll())
                assertEquals(1, one.await())
                assertEquals(2, select<Int> { two.onAwait { it } })
                assertEquals(1, one.getCompleted())
            }
        }

    @Test
    @Rule(28)
    fun selectGivesTheValueOfAPromiseBeforeAndAfterItsEnd() =
        runBlocking<Unit> {
            for (value in listOf(42, "text", null, Any())) {
                val promise = Promise.create<Any?>()
                val deferred = promise.asDeferred()
                val never = CompletableDeferred<Any?>()
                val early = deferred.onAwait
                val waiting =
                    async(start = CoroutineStart.UNDISPATCHED) {
                        select<Any?> {
                            never.onAwait { "never" }
                            deferred.onAwait { it }
                        }
                    }
                assertFalse(waiting.isCompleted)
                promise.complete(value)
                assertSame(value, waiting.await())
                assertSame(value, select<Any?> { early.invoke { it } })
                assertSame(value, select<Any?> { deferred.onAwait { it } })

                val done = Promise.create<Any?>()
                done.complete(value)
                assertSame(value, select<Any?> { done.asDeferred().onAwait { it } })
                never.complete(null)
            }
        }

    @Test
    @Rule(28)
    fun selectThrowsTheFailureOfAPromiseBeforeAndAfterItsEnd() =
        runBlocking<Unit> {
            val original = IOException("boo")
            val promise = Promise.create<Int>()
            val early = promise.asDeferred().onAwait
            promise.fail(original)
            for (clause in listOf(early, promise.asDeferred().onAwait)) {
                val thrown = runCatching { select<Int> { clause.invoke { it } } }.exceptionOrNull()
                assertSame(original, generateSequence(thrown) { it.cause }.last())
            }
            assertSame(original, promise.exception())
        }

    @Test
    @Rule(28)
    fun selectUnderRace_givesTheValueOfAPromise() {
        repeat(2_000) {
            val promise = Promise.create<String>()
            val selected = CompletableFuture<String>()
            val start = CyclicBarrier(2)
            val selecting = thread {
                start.await()
                val deferred = promise.asDeferred()
                selected.complete(runBlocking { select<String> { deferred.onAwait { it } } })
            }
            start.await()
            promise.complete("value")
            selecting.join()
            assertSame("value", selected.join())
        }
    }

    @Test
    @Rule(15)
    fun awaitOfTheDeferred_throwsTheOriginalFailure() =
        runBlocking<Unit> {
            leaks.open("failed").use { scope ->
                val original = IOException("boo")
                val deferred = scope.start(Callable<Int> { throw original }).asDeferred()
                assertSame(original, runCatching { deferred.await() }.exceptionOrNull())
                assertSame(original, deferred.getCompletionExceptionOrNull())
            }
        }

    @Test
    @Rule(28)
    fun cancelOfTheDeferred_interruptsTheJavaBodyBehindIt() =
        runBlocking<Unit> {
            leaks.open("interrupt").use { scope ->
                val gate = Gate()
                val interrupted = AtomicBoolean()
                val task =
                    scope.start(
                        "load",
                        Callable {
                            try {
                                gate.pass()
                            } catch (e: InterruptedException) {
                                interrupted.set(true)
                                throw e
                            }
                        },
                    )
                gate.awaitReached()
                task.asDeferred().cancelAndJoin()
                assertTrue(interrupted.get())
                assertTrue(task.isDone)
                val end = task.outcome() as Outcome.Cancelled
                assertEquals("load was cancelled", end.cancellation.message)
                assertNull((end.cancellation as TaskCancelledException).reason())
            }
        }

    @Test
    @Rule(4)
    fun theMessageOfTheCancellationIsTheReason() {
        leaks.open("reason").use { scope ->
            val gate = Gate()
            val task = scope.start("load", Callable { gate.pass() })
            gate.awaitReached()
            task.asDeferred().cancel(kotlinx.coroutines.CancellationException("enough"))
            task.cancel("too late")
            val end = task.joinOutcome() as Outcome.Cancelled
            assertEquals("load was cancelled: enough", end.cancellation.message)
        }
    }
}
