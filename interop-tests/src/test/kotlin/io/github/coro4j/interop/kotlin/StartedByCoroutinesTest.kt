package io.github.coro4j.interop.kotlin

import io.github.coro4j.Future
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.interop.testing.SlowCleanUp
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R31: a cancelled task with a suspend body takes what its coroutines have started with it. */
class StartedByCoroutinesTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val work = Gate()
    private val cleanUp = Gate()
    private val stopping = Gate()
    private val slow
        get() = SlowCleanUp(work, cleanUp)

    private fun scope(): TaskScope = leaks.open("app")

    /** Cancels a task whose work is [slow], and checks that it ends after its work. */
    private fun assertStopsItsWork(page: Task<*>) {
        work.awaitReached()
        page.cancel("the user has left")
        cleanUp.awaitReached()
        assertFalse(page.isDone)
        cleanUp.open()
        assertTrue(page.joinOutcome().isCancelled)
    }

    @Test
    @Rule(31)
    fun cancelStopsWhatTheBodyHasStarted_andWaitsForIt() {
        scope().use { scope ->
            val page = scope.task("page") { scope.start("load", slow).await() }
            assertStopsItsWork(page)
            assertTrue(scope.tasks().isEmpty())
        }
    }

    @Test
    @Rule(31)
    fun cancelStopsWhatALaunchedCoroutineHasStarted() {
        scope().use { scope ->
            val page =
                scope.task("page") {
                    launch { scope.start("load", slow) }
                    awaitCancellation()
                }
            assertStopsItsWork(page)
        }
    }

    @Test
    @Rule(31)
    fun cancelStopsASuspendTaskAndASuspendTaskOfIt() {
        val started = AtomicReference<Future<*>>()
        val inner = Gate()
        scope().use { scope ->
            val page =
                scope.task("page") {
                    scope
                        .task("middle") {
                            started.set(
                                scope.task("inner") {
                                    inner.open()
                                    awaitCancellation()
                                }
                            )
                            awaitCancellation()
                        }
                        .await()
                }
            inner.pass()
            assertTrue(page.cancelAndJoin("the user has left").isCancelled)
            assertTrue(started.get().isCancelled)
        }
    }

    // The body has returned, but the task runs on in its coroutine.
    @Test
    @Rule(31)
    fun cancelAfterTheReturnOfTheBody_stopsItsWork_whileACoroutineRuns() {
        scope().use { scope ->
            val page =
                scope.task("page") {
                    scope.start("load", slow)
                    launch { awaitCancellation() }
                    "value"
                }
            assertStopsItsWork(page)
        }
    }

    @Test
    @Rule(31)
    fun bodyThatReturnsNull_leavesItsWorkToTheScope() {
        val started = AtomicReference<Task<String>>()
        scope().use { scope ->
            val page =
                scope.task<String?>("page") {
                    launch { started.set(scope.start("load", slow)) }
                    null
                }
            assertEquals(null, page.join())
            work.awaitReached()
            assertFalse(page.cancel("too late"))
            cleanUp.open()
            work.open()
            assertEquals("value", started.get().join())
        }
    }

    // The request most likely comes after the decision that the work is the scope's. It waits for
    // nothing.
    @Test
    @Rule(31)
    fun cancelAfterTheFailureOfTheBody_returnsWhileACoroutineRuns() {
        val broken = IllegalStateException("broken")
        scope().use { scope ->
            val page =
                scope.task("page") {
                    scope.start("load", slow)
                    val running = CompletableDeferred<Unit>()
                    launch {
                        try {
                            running.complete(Unit)
                            awaitCancellation()
                        } finally {
                            // The body has failed, so kotlinx cancels this coroutine.
                            stopping.passUninterruptibly()
                        }
                    }
                    running.await()
                    throw broken
                }
            stopping.awaitReached()
            work.awaitReached()
            // It may also come before the decision, and then stops the work.
            page.cancel("too late")
            stopping.open()
            cleanUp.open()
            work.open()
            assertSame(broken, page.joinOutcome().exceptionOrNull())
        }
    }

    // A coroutine that runs on after the failure starts more. That is left to the scope too.
    @Test
    @Rule(31)
    fun bodyThatFails_leavesItsWorkToTheScope() {
        val broken = IllegalStateException("broken")
        val early = AtomicReference<Task<String>>()
        val late = AtomicReference<Task<String>>()
        scope().use { scope ->
            val page =
                scope.task("page") {
                    early.set(scope.start("early", slow))
                    val running = CompletableDeferred<Unit>()
                    launch {
                        try {
                            running.complete(Unit)
                            awaitCancellation()
                        } finally {
                            late.set(scope.start("late", slow))
                        }
                    }
                    running.await()
                    throw broken
                }
            assertSame(broken, page.joinOutcome().exceptionOrNull())
            cleanUp.open()
            work.open()
            assertEquals("value", early.get().join())
            assertEquals("value", late.get().join())
        }
    }

    @Test
    @Rule(31)
    fun workStartedWhileTheTaskCleansUp_neverBegins() {
        val late = AtomicReference<Task<String>>()
        val begun = Gate()
        scope().use { scope ->
            val page =
                scope.task("page") {
                    launch {
                        try {
                            begun.open()
                            awaitCancellation()
                        } finally {
                            late.set(scope.start("late", slow))
                        }
                    }
                    awaitCancellation()
                }
            begun.pass()
            assertTrue(page.cancelAndJoin("the user has left").isCancelled)
            assertTrue(late.get().isCancelled)
        }
    }

    // The work waits for the task in a way that no cancel ends. The task then does not wait for it.
    @Test
    @Rule(31)
    fun workThatWaitsForTheTask_inNonCancellable() {
        val begun = Gate()
        val waiting = Gate()
        val itself = Promise.create<Task<Unit>>()
        val started = AtomicReference<Task<Unit>>()
        scope().use { scope ->
            val page =
                scope.task<Unit>("page") {
                    val me = itself.await()
                    started.set(
                        scope.task<Unit>("load") {
                            try {
                                begun.open()
                                awaitCancellation()
                            } finally {
                                withContext(NonCancellable) {
                                    waiting.open()
                                    try {
                                        me.await()
                                    } catch (e: CancellationException) {
                                        // the page has ended first
                                    }
                                }
                            }
                        }
                    )
                    try {
                        awaitCancellation()
                    } finally {
                        waiting.pass()
                    }
                }
            itself.complete(page)
            begun.pass() // otherwise the cancel may come before the body of "load" begins
            while (started.get() == null) Thread.onSpinWait()
            assertTrue(page.cancelAndJoin("the user has left").isCancelled)
            started.get().joinOutcome()
        }
    }

    // A chain that would overflow the stack if each task passed the cancel on by a call.
    @Test
    @Rule(31)
    fun longChain() {
        val started = AtomicInteger()
        val last = Gate()
        scope().use { scope ->
            fun next(number: Int): Task<Unit> =
                scope.task("$number") {
                    started.incrementAndGet()
                    if (number == LENGTH) {
                        last.open()
                        awaitCancellation()
                    }
                    next(number + 1).await()
                }
            val page = next(1)
            last.pass()
            assertTrue(page.cancelAndJoin("the user has left").isCancelled)
            assertTrue(scope.tasks().isEmpty())
        }
        assertEquals(LENGTH, started.get())
    }

    private companion object {
        const val LENGTH = 10_000
    }
}
