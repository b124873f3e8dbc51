package io.github.coro4j.interop.engine

import io.github.coro4j.Future
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.coroutines.await
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.time.Duration
import java.util.concurrent.CountDownLatch
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/**
 * User code that kotlinx.coroutines calls when a timer fires, and that does not return, delays no
 * other timer.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(33)
class TimerHandlersTest {
    @JvmField @RegisterExtension val leaks = NothingLeaks()
    private val released = CountDownLatch(1)
    private val blocked = CountDownLatch(MANY)
    private val coroutines = CoroutineScope(Dispatchers.Unconfined + Job())

    private fun block() {
        blocked.countDown()
        released.await()
    }

    private val limits = ArrayList<Future<Int>>()

    @AfterEach
    fun release() {
        released.countDown()
        // The test reads the failures, or another test would see the reports.
        limits.forEach { it.joinOutcome() }
    }

    /** Checks that another timer fires while all handlers block. */
    private fun otherTimersFire(end: (Int) -> Unit) {
        repeat(MANY, end)
        blocked.await()
        Task.sleep(SHORT).join()
        assertThrows(java.util.concurrent.CompletionException::class.java) {
            Promise.create<Int>().orTimeout(SHORT).join()
        }
    }

    @Test
    fun aHandlerOnASleepDelaysNoOtherTimer() = otherTimersFire {
        Task.sleep(SHORT).asDeferred().invokeOnCompletion { block() }
    }

    @Test
    fun aHandlerOnATimeoutDelaysNoOtherTimer() = otherTimersFire {
        val limited = Promise.create<Int>().orTimeout(SHORT)
        limits.add(limited)
        limited.asDeferred().invokeOnCompletion { block() }
    }

    @Test
    fun aCoroutineWithoutADispatcherThatJoinsASleepDelaysNoOtherTimer() = otherTimersFire {
        val sleep = Task.sleep(SHORT).asDeferred()
        coroutines.launch {
            sleep.join()
            block()
        }
    }

    @Test
    fun aCoroutineWithoutADispatcherThatAwaitsASleepDelaysNoOtherTimer() = otherTimersFire {
        val sleep = Task.sleep(SHORT)
        val body: suspend () -> Unit = {
            sleep.await()
            block()
        }
        body.startCoroutine(Continuation(EmptyCoroutineContext) {})
    }

    @Test
    fun aThreadInRunBlockingSeesATimeoutWhileBodiesCompute() {
        BusyProcessors().use {
            assertThrows(java.util.concurrent.TimeoutException::class.java) {
                runBlocking { Promise.create<Int>().orTimeout(SHORT).await() }
            }
        }
    }

    private companion object {
        const val MANY = 20
        val SHORT: Duration = Duration.ofMillis(20)
    }
}
