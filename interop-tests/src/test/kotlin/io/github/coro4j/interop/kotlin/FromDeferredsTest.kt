package io.github.coro4j.interop.kotlin

import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** A list of `Deferred`s as one future. */
@Timeout(60)
class FromDeferredsTest {
    @JvmField @RegisterExtension val leaks = NothingLeaks()

    private val a = CompletableDeferred<String>()
    private val b = CompletableDeferred<String>()

    @Test
    @Rule(28)
    fun valuesAreInOrderAndLazyOnesAreStarted() {
        val lazy = CoroutineScope(Dispatchers.Default).async(start = CoroutineStart.LAZY) { "lazy" }
        val all = listOf<Deferred<String>>(a, lazy, b).asFuture()
        b.complete("b")
        assertFalse(all.isDone)
        a.complete("a")
        assertEquals(listOf("a", "lazy", "b"), all.join())
        assertEquals(emptyList<String>(), emptyList<Deferred<String>>().asFuture().join())
    }

    @Test
    @Rule(15)
    fun theFirstFailureIsTheOriginalAndTheOthersRunOn() {
        val boom = IOException("boom")
        val all = listOf(a, b).asFuture()
        b.completeExceptionally(boom)
        assertSame(boom, all.joinOutcome().exceptionOrNull())
        assertTrue(a.isActive)
        a.complete("a")
    }

    @Test
    @Rule(2, 28)
    fun aCancelReachesEachAndWaitsForItsCleanUp() {
        val cleanUp = CompletableDeferred<Unit>()
        val begun = CompletableDeferred<Unit>()
        val cleaning =
            CoroutineScope(Dispatchers.Default).async {
                try {
                    begun.complete(Unit)
                    awaitCancellation()
                } finally {
                    withContext(NonCancellable) { cleanUp.await() }
                }
            }
        while (!begun.isCompleted) Thread.onSpinWait()
        val all = listOf(a, cleaning).asFuture()
        all.cancel("user left")
        while (!a.isCancelled || cleaning.isActive) Thread.onSpinWait()
        assertFalse(all.isDone)
        cleanUp.complete(Unit)
        all.joinOutcome()
        assertTrue(all.isCancelled)
        assertTrue(cleaning.isCompleted)
    }

    @Test
    @Rule(3)
    fun nullIsNamedByItsIndex() {
        @Suppress("UNCHECKED_CAST") val nulls = listOf(a, null) as List<Deferred<String>>
        val e = assertThrows(NullPointerException::class.java) { nulls.asFuture() }
        assertTrue(e.message!!.contains("[1] must not be null"), e::toString)
    }
}
