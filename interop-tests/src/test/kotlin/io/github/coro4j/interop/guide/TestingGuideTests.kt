package io.github.coro4j.interop.guide

import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.task
import io.github.coro4j.test.Coro4jAssertions.assertPending
import io.github.coro4j.test.Coro4jAssertions.assertTimedOut
import io.github.coro4j.test.runCoro4jTest
import java.time.Duration
import java.util.concurrent.Callable
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The Kotlin snippets of docs/guide/testing.md. */
@OptIn(ExperimentalCoroutinesApi::class)
class TestingGuideTests {
    // region Kotlin
    @Test
    fun givesUpAfterThirtySeconds() = runCoro4jTest {
        val answer = Promise.create<String>() // never completed
        val receipt = answer.orTimeout(Duration.ofSeconds(30))
        delay(29.seconds)
        assertPending(receipt)
        delay(1.seconds)
        assertTimedOut(receipt)
    }

    // endregion

    @Test
    fun bodiesThatBlock() = runCoro4jTest {
        // region Kotlin and bodies that block
        val report = start("report", Callable { Task.sleep(Duration.ofMinutes(3)).join() })
        delay(2.minutes)
        assertPending(report)
        report.await()
        // endregion
        assertEquals(Duration.ofMinutes(3), currentTime())
    }

    @Test
    fun runTestOfKotlinx() {
        // region runTest
        runTest {
            coroutineScope {
                val slow = asTaskScope("page").task("slow") { delay(30.seconds) }
                val limited = slow.orTimeout(Duration.ofSeconds(2))
                limited.awaitOutcome()
                assertTimedOut(limited)
                assertEquals(2_000, currentTime)
            }
        }
        // endregion
    }
}
