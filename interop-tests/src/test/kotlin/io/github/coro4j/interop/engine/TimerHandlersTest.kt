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

/** Code of the user's that kotlinx calls where a timer ends something, and that does not return. */
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
        // Read here, or another test would see the report.
        limits.forEach { it.joinOutcome() }
    }

    /** All of them block, and another timer goes on. */
    private fun othersGoOn(end: (Int) -> Unit) {
        repeat(MANY, end)
        blocked.await()
        Task.sleep(SHORT).join()
        assertThrows(java.util.concurrent.CompletionException::class.java) {
            Promise.create<Int>().orTimeout(SHORT).join()
        }
    }

    @Test
    fun aHandlerOnASleepDelaysNoOtherTimer() = othersGoOn {
        Task.sleep(SHORT).asDeferred().invokeOnCompletion { block() }
    }

    @Test
    fun aHandlerOnALimitDelaysNoOtherTimer() = othersGoOn {
        val limited = Promise.create<Int>().orTimeout(SHORT)
        limits.add(limited)
        limited.asDeferred().invokeOnCompletion { block() }
    }

    @Test
    fun aCoroutineWithoutADispatcherThatJoinsASleepDelaysNoOtherTimer() = othersGoOn {
        val sleep = Task.sleep(SHORT).asDeferred()
        coroutines.launch {
            sleep.join()
            block()
        }
    }

    @Test
    fun aCoroutineWithoutADispatcherThatAwaitsASleepDelaysNoOtherTimer() = othersGoOn {
        val sleep = Task.sleep(SHORT)
        val body: suspend () -> Unit = {
            sleep.await()
            block()
        }
        body.startCoroutine(Continuation(EmptyCoroutineContext) {})
    }

    @Test
    fun aThreadInRunBlockingSeesALimitWhileBodiesCompute() {
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
