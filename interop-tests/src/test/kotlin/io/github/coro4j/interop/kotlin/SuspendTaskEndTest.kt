package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** How a suspend body that is a task ends: cancelled, or with its failure. */
class SuspendTaskEndTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(28)
    fun cancel_endsASuspensionAndWaitsForTheFinallyBlocks() {
        leaks.open("page").use { scope ->
            val begun = Gate()
            val cleaning = Gate()
            var cleaned = false
            val task =
                scope.task<Unit>("load") {
                    try {
                        begun.open()
                        awaitCancellation()
                    } finally {
                        cleaning.passUninterruptibly()
                        cleaned = true
                    }
                }
            begun.pass()
            assertTrue(task.cancel("enough"))
            cleaning.awaitReached()
            assertTrue(task.isCancelling)
            assertFalse(task.isDone)
            cleaning.open()
            val end = task.joinOutcome() as Outcome.Cancelled
            assertTrue(cleaned)
            assertEquals("load was cancelled: enough", end.cancellation.message)
        }
    }

    @Test
    @Rule(7)
    fun exceptionOfTheCleanUp_isTheFailure() {
        leaks.open("page").use { scope ->
            val begun = Gate()
            val original = IOException("boo")
            val task =
                scope.task<Unit>("load") {
                    try {
                        begun.open()
                        awaitCancellation()
                    } finally {
                        throw original
                    }
                }
            begun.pass()
            val end = task.cancelAndJoin("enough") as Outcome.Failure
            assertSame(original, end.exception)
            assertEquals(
                "enough",
                (original.suppressed.single() as TaskCancelledException).reason(),
            )
        }
    }

    @Test
    @Rule(6)
    fun bodyCancelledBeforeItsStart_neverRuns() {
        val queue = ArrayList<Runnable>()
        val ran = AtomicBoolean()
        leaks.open("page", queue::add).use { scope ->
            val task = scope.task("late") { ran.set(true) }
            assertEquals(1, queue.size)
            assertTrue(task.cancelAndJoin("enough") is Outcome.Cancelled)
            queue.forEach { it.run() }
            scope.cancel("all of it")
            assertTrue(scope.task("later") { ran.set(true) }.joinOutcome() is Outcome.Cancelled)
            assertEquals(1, queue.size)
        }
        assertFalse(ran.get())
    }

    @Test
    @Rule(15)
    fun unrequestedCancellation_isAFailure() {
        leaks.open("page").use { scope ->
            val task = scope.task("late") { withTimeout(1) { awaitCancellation() } }
            val end = task.joinOutcome() as Outcome.Failure
            assertTrue(end.exception is TimeoutCancellationException, end.toString())
        }
    }

    @Test
    @Rule(16)
    fun unreadFailure_isReportedWithTheNameOfTheTask() {
        leaks.open("page").use { scope ->
            val task = scope.task("load") { throw IOException("boo") }
            while (!task.isDone) Thread.yield()
        }
        assertEquals(
            listOf("task \"load\" failed, and no code has read the failure"),
            leaks.takeReports().map { it.message() },
        )
    }

    @Test
    @Rule(16)
    fun failureOfAChildCoroutine_failsTheTask() {
        leaks.open("page").use { scope ->
            val original = IOException("boo")
            val task =
                scope.task<Unit>("load") {
                    launch { throw original }
                    awaitCancellation()
                }
            assertSame(original, task.joinOutcome().exceptionOrNull())
            val late =
                scope.task("late") {
                    launch { throw original }
                    "value"
                }
            assertSame(original, late.joinOutcome().exceptionOrNull())
        }
    }

    @Test
    @Rule(23)
    fun closeOfTheScope_cancelsTheTaskAndWaits() {
        val ended = AtomicBoolean()
        val begun = Gate()
        leaks.open("page").use { scope ->
            scope.task<Unit>("load") {
                try {
                    begun.open()
                    awaitCancellation()
                } finally {
                    ended.set(true)
                }
            }
            begun.pass()
        }
        assertTrue(ended.get())
    }
}
