package io.github.coro4j.interop.virtual

import io.github.coro4j.Future
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.test.Coro4jAssertions.assertPending
import io.github.coro4j.test.Coro4jAssertions.assertSucceeded
import io.github.coro4j.test.Coro4jAssertions.assertTimedOut
import java.time.Duration
import java.util.concurrent.TimeoutException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.setMain
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** The time limits of this library agree with `runTest` of kotlinx-coroutines-test. */
@OptIn(ExperimentalCoroutinesApi::class)
class RunTestTimeTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val twoSeconds = Duration.ofSeconds(2)

    @Test
    fun orTimeoutComesBeforeALongerDelay() = runTest {
        coroutineScope {
            val slow = asTaskScope("page").task("slow") { delay(30.seconds) }
            val limited = slow.orTimeout(twoSeconds)
            val end = limited.awaitOutcome()
            assertTrue(end.exceptionOrNull() is TimeoutException, end.toString())
            assertEquals(2_000, currentTime)
        }
    }

    @Test
    fun aShorterDelayComesBeforeTheTimeout() = runTest {
        coroutineScope {
            val quick =
                asTaskScope("page").task("quick") {
                    delay(1.seconds)
                    "quick"
                }
            assertEquals("quick", quick.orTimeout(twoSeconds).await())
            assertEquals(1_000, currentTime)
        }
        assertEquals(1_000, currentTime)
    }

    @Test
    fun sleepsAndDeadlines() = runTest {
        coroutineScope {
            val scope = asTaskScope("page")
            val sleep: Future<Void?> =
                scope.task("sleeps") { Task.sleep(twoSeconds).await() } as Future<Void?>
            delay(1_999.milliseconds)
            runCurrent()
            assertPending(sleep)
            delay(1.milliseconds)
            runCurrent()
            assertTrue(sleep.isDone)
            assertEquals("page", scope.name())
        }
    }

    @Test
    fun advancedByHand() {
        val scheduler = TestCoroutineScheduler()
        for (dispatcher in
            listOf(StandardTestDispatcher(scheduler), UnconfinedTestDispatcher(scheduler))) {
            val around = CoroutineScope(dispatcher + SupervisorJob())
            val scope = leaks.opened(around.asTaskScope("page"))
            val slow = scope.task("slow") { delay(30.seconds) }
            val limited = slow.orTimeout(Duration.ofNanos(1_500_000))
            scheduler.runCurrent()
            scheduler.advanceTimeBy(2.milliseconds)
            assertPending(limited) // rounded up to 2 ms, which are not over
            scheduler.runCurrent()
            assertTimedOut(limited)
            assertTrue(scope.dump().contains("age 0 s"), scope.dump())
            around.cancel()
            scheduler.runCurrent()
            scope.close()
        }
    }

    @Test
    fun aMainDispatcherUnderTest() {
        val scheduler = TestCoroutineScheduler()
        Dispatchers.setMain(StandardTestDispatcher(scheduler))
        try {
            val around = CoroutineScope(Dispatchers.Main + SupervisorJob())
            val scope = leaks.opened(around.asTaskScope("page"))
            val limited = scope.task("slow") { delay(30.seconds) }.orTimeout(twoSeconds)
            scheduler.advanceTimeBy(2.seconds)
            assertPending(limited)
            scheduler.runCurrent()
            assertTimedOut(limited)
            around.cancel()
            scheduler.runCurrent()
            scope.close()
        } finally {
            Dispatchers.resetMain()
        }
    }

    @Test
    fun otherDispatchersHaveNoTimeOfTheirOwn() = runTest {
        val around = CoroutineScope(Dispatchers.Default)
        around.asTaskScope("page").use { scope ->
            val never = scope.task("never") { Promise.create<String>().await() }
            assertTimedOut(never.orTimeout(Duration.ofMillis(1)).also { it.awaitOutcome() })
        }
        assertEquals(0, currentTime)
        assertSucceeded(Future.completed("")) // keeps the import of both
    }
}
