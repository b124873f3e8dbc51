package io.github.coro4j.interop.virtual

import io.github.coro4j.Task
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.test.Coro4jAssertions.assertPending
import io.github.coro4j.test.Coro4jAssertions.assertSucceeded
import io.github.coro4j.test.Coro4jAssertions.assertTimedOut
import io.github.coro4j.test.Coro4jTest
import io.github.coro4j.test.TestScope
import io.github.coro4j.test.testScheduler
import java.time.Duration
import java.util.concurrent.Callable
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Test

/** The scheduler of kotlinx-coroutines-test and the test scope show the same time. */
@Coro4jTest
@OptIn(ExperimentalCoroutinesApi::class)
class SharedSchedulerTest {
    private val trail = ArrayList<String>()

    private fun note(scope: TestScope, what: String) {
        synchronized(trail) { trail.add("${scope.currentTime().toMillis()} $what") }
    }

    private fun naps(scope: TestScope, name: String, vararg millis: Long) =
        scope.start(
            name,
            Callable {
                for (each in millis) {
                    Task.sleep(Duration.ofMillis(each)).join()
                    note(scope, name)
                }
            },
        )

    @Test
    fun coroutinesAndBodiesTakeTurns(scope: TestScope) {
        scope.advanceBy(Duration.ofMillis(5))
        assertSame(scope.testScheduler, scope.testScheduler)
        assertEquals(5, scope.testScheduler.currentTime)
        val around = CoroutineScope(StandardTestDispatcher(scope.testScheduler))
        naps(scope, "body", 10, 10)
        around.launch {
            delay(5)
            note(scope, "coroutine")
            // A body that a coroutine starts runs before the time moves.
            naps(scope, "started", 1)
            delay(10)
            note(scope, "coroutine")
        }
        scope.advanceUntilIdle()
        assertEquals(
            listOf("10 coroutine", "11 started", "15 body", "20 coroutine", "25 body"),
            trail,
        )
        assertEquals(25, scope.testScheduler.currentTime)
        around.cancel()
    }

    @Test
    fun whenTheSchedulerIsAdvancedTheScopeFollows(scope: TestScope) {
        val scheduler = scope.testScheduler
        val nap = naps(scope, "body", 10, 10, 10)
        val limited = scope.task { delay(30.seconds) }.orTimeout(Duration.ofMillis(25))
        scope.awaitIdle()
        scheduler.advanceTimeBy(21)
        assertEquals(listOf("10 body", "20 body"), trail)
        assertEquals(Duration.ofMillis(21), scope.currentTime())
        assertPending(limited)
        scheduler.advanceTimeBy(20)
        assertTimedOut(limited)
        assertSucceeded(nap)
        assertEquals(listOf("10 body", "20 body", "30 body"), trail)
    }

    @Test
    fun runTestOnTheSameTime(scope: TestScope) {
        runTest(StandardTestDispatcher(scope.testScheduler)) {
            val nap = naps(scope, "body", 10, 10)
            scope.awaitIdle()
            delay(15)
            assertEquals(listOf("10 body"), trail)
            nap.await()
            assertEquals(20, currentTime)
        }
        assertEquals(Duration.ofMillis(20), scope.currentTime())
    }

    @Test
    fun aCancelledTimerDoesNotHoldTheTime(scope: TestScope) {
        val scheduler = scope.testScheduler
        val sleep = Task.sleep(Duration.ofHours(1))
        sleep.cancel()
        naps(scope, "body", 10)
        scope.advanceUntilIdle()
        assertEquals(10, scheduler.currentTime)
    }
}
