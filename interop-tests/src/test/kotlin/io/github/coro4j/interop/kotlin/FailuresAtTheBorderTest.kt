package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.coroutines.FutureFailedException
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.RepeatedTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/**
 * How kotlinx sees failures and cancellations of this library, and how this library sees those of
 * kotlinx.
 */
@OptIn(ExperimentalCoroutinesApi::class)
class FailuresAtTheBorderTest {
    @RegisterExtension val leaks = NothingLeaks()

    private class SloppyException : RuntimeException() {
        override fun equals(other: Any?): Boolean = throw UnsupportedOperationException()

        override fun hashCode(): Int = throw UnsupportedOperationException()
    }

    /**
     * Returns the exception that each function of kotlinx sees, and that `await` of this library
     * throws.
     */
    private fun seenBy(deferred: Deferred<*>): Map<String, Throwable?> = runBlocking {
        val completion = CompletableFuture<Throwable?>()
        deferred.invokeOnCompletion { completion.complete(it) }
        mapOf(
            "invokeOnCompletion" to completion.join(),
            "getCompletionExceptionOrNull" to deferred.getCompletionExceptionOrNull(),
            "awaitAll" to runCatching { awaitAll(deferred) }.exceptionOrNull(),
            "select" to runCatching { select<Any?> { deferred.onAwait { it } } }.exceptionOrNull(),
            "await" to runCatching { deferred.await() }.exceptionOrNull(),
        )
    }

    private fun failed(original: Throwable): Deferred<*> =
        leaks.open("failed").use { scope ->
            val task = scope.start(Callable<Int> { throw original })
            task.joinOutcome()
            task.asDeferred()
        }

    @Test
    @Rule(28)
    fun functionsOfKotlinx_seeTheOriginalFailure() {
        val original = IOException("boo")
        for ((reader, seen) in seenBy(failed(original))) {
            // In debug mode kotlinx copies the exception that awaitAll and select throw, as for any
            // Deferred.
            assertInstanceOf(IOException::class.java, seen, reader)
            assertTrue(seen === original || seen!!.cause === original, reader)
        }
    }

    @Test
    @Rule(28)
    fun failureThatKotlinxCannotStore_isWrappedInFutureFailedException() {
        for (original in listOf(CancellationException("unasked"), SloppyException())) {
            for ((reader, seen) in seenBy(failed(original))) {
                if (reader == "await") assertSame(original, seen)
                else {
                    val failure = assertInstanceOf(FutureFailedException::class.java, seen, reader)
                    assertSame(original, failure.original)
                    assertSame(original, failure.cause)
                }
            }
        }
    }

    @Test
    @Rule(4)
    fun causeOfAKotlinCancel_isKept() {
        val cause = IOException("connection lost")
        val given = CancellationException("no longer needed").apply { initCause(cause) }
        leaks.open("cancel").use { scope ->
            val gate = Gate()
            val blocking = scope.start(Callable { gate.pass() })
            gate.awaitReached()
            val suspended = scope.task { awaitCancellation() }
            val group = scope.gather(listOf(1)) { gate.pass() }.all()
            for (future in listOf(blocking, suspended, group)) {
                future.asDeferred().cancel(given)
                val end = assertInstanceOf(Outcome.Cancelled::class.java, future.joinOutcome())
                val cancellation = end.cancellation as TaskCancelledException
                assertEquals("no longer needed", cancellation.reason())
                assertSame(given, cancellation.cause)
            }
        }
    }

    @Test
    @Rule(4)
    fun causeOfACancelOfACoroutineScope_isKept() {
        val given = CancellationException("screen gone").apply { initCause(IOException()) }
        leaks.open("cancel").use { scope ->
            lateinit var inner: kotlinx.coroutines.CoroutineScope
            val gate = Gate()
            val task = scope.task {
                inner = this
                gate.open()
                awaitCancellation()
            }
            gate.passUninterruptibly()
            inner.cancel(given)
            val end = assertInstanceOf(Outcome.Cancelled::class.java, task.joinOutcome())
            assertSame(given, end.cancellation.cause)
        }
    }

    @Test
    @Rule(4)
    fun causeOfACancelledDeferred_isKept() {
        val given = CancellationException("gone").apply { initCause(IOException()) }
        val deferred = CompletableDeferred<Int>()
        val future = deferred.asFuture()
        deferred.cancel(given)
        val end = assertInstanceOf(Outcome.Cancelled::class.java, future.joinOutcome())
        assertTrue(generateSequence<Throwable>(end.cancellation) { it.cause }.any { it === given })
    }

    // ---- failures of the coroutines of a body

    @Test
    @Rule(17)
    fun failuresOfLaterCoroutines_areSuppressedInTheFirst() {
        leaks.open("children").use { scope ->
            val first = IOException("first")
            val later = IOException("later")
            val task =
                scope.task<Unit> {
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        try {
                            awaitCancellation()
                        } finally {
                            @Suppress("ThrowableNotThrown") throw later
                        }
                    }
                    launch { throw first }
                }
            assertSame(first, task.joinOutcome().exceptionOrNull())
            assertEquals(listOf<Throwable>(later), first.suppressed.toList())
        }
    }

    @RepeatedTest(10)
    @Rule(17)
    fun failureOfALaterTask_isNotAttachedToASharedException() {
        val shared = IOException("shared")
        val scope = leaks.open("children")
        repeat(10) { number ->
            val task =
                scope.task<Unit> {
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        try {
                            awaitCancellation()
                        } finally {
                            @Suppress("ThrowableNotThrown") throw IOException("of request $number")
                        }
                    }
                    launch { throw shared }
                }
            assertSame(shared, task.joinOutcome().exceptionOrNull())
        }
        scope.close()
        assertEquals(1, shared.suppressed.size)
        assertEquals(
            (1..9).map { "of request $it" },
            leaks.takeReports().map { it.exception().message }.sortedBy { it },
        )
    }

    @Test
    @Rule(7)
    fun wrappedInterruptOfACoroutineAfterACancel_countsAsTheCancel() {
        leaks.open("children").use { scope ->
            val gate = Gate()
            val task =
                scope.task<Unit> {
                    launch {
                        try {
                            gate.open()
                            awaitCancellation()
                        } catch (e: CancellationException) {
                            throw IllegalStateException("stopped", InterruptedException())
                        }
                    }
                    awaitCancellation()
                }
            gate.passUninterruptibly()
            val outcome = task.cancelAndJoin("enough")
            val end = assertInstanceOf(Outcome.Cancelled::class.java, outcome)
            assertEquals("enough", (end.cancellation as TaskCancelledException).reason())
        }
    }

    @Test
    @Rule(28)
    fun awaitOfABrokenException_throwsItInEveryMode() = runBlocking {
        val original = SloppyException()
        leaks.open("sloppy").use { scope ->
            val task = scope.start(Callable<Int> { throw original })
            assertSame(original, runCatching { task.await() }.exceptionOrNull())
        }
    }
}
