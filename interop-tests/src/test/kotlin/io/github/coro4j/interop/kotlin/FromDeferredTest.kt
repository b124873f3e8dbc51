package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import java.util.concurrent.Callable
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R28: a `Deferred` as a future. */
@OptIn(DelicateCoroutinesApi::class)
class FromDeferredTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(28)
    fun aDeferredIsAFutureForJava() =
        runBlocking<Unit> {
            val deferred = CompletableDeferred<String>()
            val future = deferred.asFuture()
            assertFalse(future.isDone)
            val named = async(CoroutineName("load")) { 1 }.asFuture()
            deferred.complete("x")
            assertEquals("x", future.join())
            assertTrue(
                future.toString().matches(Regex("Deferred \"deferred-\\d+\" \\(succeeded: x\\)")),
                future.toString(),
            )
            assertTrue(named.toString().startsWith("Deferred \"load\" ("), named.toString())
            val failed = CompletableDeferred<String>()
            val original = IOException("boo")
            val failing = failed.asFuture()
            failed.completeExceptionally(original)
            assertSame(original, failing.joinOutcome().exceptionOrNull())
        }

    @Test
    @Rule(2)
    fun cancelledFuture_stopsTheCoroutineAndIsDoneOnceThatHasEnded() {
        val begun = Gate()
        val cleaning = Gate()
        var reason: String? = null
        val deferred =
            GlobalScope.async(CoroutineName("load")) {
                try {
                    begun.open()
                    awaitCancellation()
                } catch (e: TaskCancelledException) {
                    reason = e.reason()
                    throw e
                } finally {
                    cleaning.passUninterruptibly()
                }
            }
        val future = deferred.asFuture()
        begun.pass()
        assertTrue(future.cancel("enough"))
        cleaning.awaitReached()
        assertTrue(future.isCancelling)
        assertFalse(future.isDone)
        cleaning.open()
        val end = future.joinOutcome() as Outcome.Cancelled
        assertEquals("load was cancelled: enough", end.cancellation.message)
        assertEquals("enough", reason)
        assertTrue(deferred.isCompleted)
    }

    @Test
    @Rule(4)
    fun cancelInKotlin_isACancelForJava() {
        val deferred = CompletableDeferred<String>()
        val future = deferred.asFuture()
        deferred.cancel(kotlinx.coroutines.CancellationException("gone"))
        val end = future.joinOutcome() as Outcome.Cancelled
        assertEquals("gone", (end.cancellation as TaskCancelledException).reason())
        assertTrue(future.isCancelled)
    }

    @Test
    @Rule(7)
    fun failureOfTheCleanUp_isTheFailureOfTheFuture() {
        val begun = Gate()
        val original = IOException("boo")
        val deferred =
            GlobalScope.async<String> {
                try {
                    begun.open()
                    awaitCancellation()
                } finally {
                    throw original
                }
            }
        val future = deferred.asFuture()
        begun.pass()
        future.cancel("enough")
        val end = future.joinOutcome() as Outcome.Failure
        assertSame(original, end.exception)
        assertEquals("enough", (original.suppressed.single() as TaskCancelledException).reason())
    }

    @Test
    @Rule(28)
    fun aLazyDeferredIsStarted() {
        val lazy: Deferred<Int> = GlobalScope.async(start = CoroutineStart.LAZY) { 42 }
        assertEquals(42, lazy.asFuture().join())
    }

    @Test
    @Rule(16)
    fun unreadFailureOfADeferred_isReported() {
        leaks.open("page").use { scope ->
            val failed = CompletableDeferred<String>()
            scope
                .start(
                    Callable {
                        failed.asFuture()
                        failed.completeExceptionally(IOException("boo"))
                    }
                )
                .join()
        }
        assertEquals(
            listOf("deferred \"deferred-1\" failed, and no code has read the failure"),
            leaks.takeReports().map { it.message() },
        )
    }
}
