package io.github.coro4j.interop.virtual

import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.gatherSuspending
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.test.Coro4jAssertions.assertPending
import io.github.coro4j.test.Coro4jAssertions.assertTimedOut
import io.github.coro4j.test.Coro4jTest
import io.github.coro4j.test.TestScope
import io.github.coro4j.test.runCoro4jTest
import java.io.IOException
import java.time.Duration
import java.util.concurrent.Callable
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** `runCoro4jTest` advances the time whenever every body waits. */
class RunCoro4jTestTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    fun delaysTakeNoTime() = runCoro4jTest {
        val receipt = Promise.create<String>().orTimeout(Duration.ofSeconds(30))
        delay(29.seconds)
        assertPending(receipt)
        delay(1.seconds)
        assertTimedOut(receipt)
        delay(24.hours)
        assertEquals(Duration.ofHours(24).plusSeconds(30), currentTime())
    }

    @Test
    fun itWaitsForBodiesThatBlock() = runCoro4jTest {
        val sums =
            List(20) { n ->
                start(
                    Callable {
                        var sum = 0
                        repeat(n) {
                            Task.sleep(Duration.ofMinutes(1)).join()
                            sum++
                        }
                        sum
                    }
                )
            }
        delay(5.minutes)
        delay(1.milliseconds)
        assertEquals(6, sums.count { it.isDone })
        assertEquals(190, sums.sumOf { it.await() })
    }

    @Test
    fun timeoutsOfKotlinx() = runCoro4jTest {
        assertNull(withTimeoutOrNull(1.seconds) { delay(2.seconds) })
        assertEquals(
            "in time",
            withTimeoutOrNull(2.seconds) { "in time".also { delay(1.seconds) } },
        )
        assertTrue(
            runCatching { withTimeout(1.seconds) { delay(2.seconds) } }.exceptionOrNull()
                is TimeoutCancellationException
        )
        assertEquals(Duration.ofSeconds(3), currentTime())
    }

    @Test
    fun gathersAndLaunchedCoroutines() = runCoro4jTest {
        val channel = Channel<Int>()
        asCoroutineScope().launch {
            repeat(3) {
                delay(1.seconds)
                channel.send(it)
            }
            channel.close()
        }
        var received = 0
        for (each in channel) received += each
        assertEquals(3, received)
        val all =
            gatherSuspending(listOf(1, 2, 3)) {
                    delay(it.seconds)
                    it
                }
                .concurrency(1)
                .all()
                .await()
        assertEquals(listOf(1, 2, 3), all)
        assertEquals(Duration.ofSeconds(9), currentTime())
    }

    @Test
    fun aBodyOnAnotherDispatcherIsNotIdleWhileItRuns() = runCoro4jTest {
        val gate = Gate()
        val elsewhere =
            task("elsewhere") {
                withContext(Dispatchers.IO) {
                    gate.passUninterruptibly()
                    currentTime()
                }
            }
        start("opens", Callable { gate.awaitReached().also { gate.open() } })
        delay(1.seconds)
        assertEquals(Duration.ZERO, elsewhere.await())
    }

    @Test
    fun whatTheBodyThrowsIsThrown() {
        val boom = IOException("boom")
        assertSame(boom, assertThrows(IOException::class.java) { runCoro4jTest { throw boom } })
    }

    @Test
    fun nothingCanEndTheTest() {
        val error =
            assertThrows(AssertionError::class.java) {
                runCoro4jTest { Promise.create<String>().await() }
            }
        assertTrue(
            error.message!!.startsWith(
                "the test waits, but no body runs and no timer is left. Coro4j does not see work of other threads: "
            ),
            error.message,
        )
    }

    @Test
    fun aLeakFails() {
        val error =
            assertThrows(AssertionError::class.java) {
                runCoro4jTest { task("poller") { Promise.create<String>().await() } }
            }
        assertTrue(error.message!!.contains("\n- task \"poller\" waits"), error.message)
    }

    @Test
    fun advancingInsideTheTestIsRefused() = runCoro4jTest {
        val error =
            assertThrows(IllegalStateException::class.java) { advanceBy(Duration.ofSeconds(1)) }
        assertTrue(error.message!!.startsWith("advanceBy cannot be called in task \"test\""))
    }

    /** Suspend bodies under a clock that is advanced by hand. */
    @Coro4jTest
    fun byHand(scope: TestScope) {
        val slow = scope.task("slow") { delay(30.seconds) }
        val limited = slow.orTimeout(Duration.ofSeconds(2))
        scope.advanceBy(Duration.ofSeconds(1))
        assertPending(limited)
        assertEquals(
            listOf("future \"slow.orTimeout\", due at PT2S", "task \"slow\", due at PT30S"),
            scope.timers().map { it.toString() },
        )
        scope.advanceBy(Duration.ofSeconds(1))
        assertTimedOut(limited)
    }
}
