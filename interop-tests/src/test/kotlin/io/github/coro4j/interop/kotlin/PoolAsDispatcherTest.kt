package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Task
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.ScheduledExecutorService
import java.util.concurrent.TimeUnit
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** R28, R35: a pool of the JDK as the dispatcher of a task, which fails if the pool refuses it. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolAsDispatcherTest : Asking() {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(35)
    fun aPoolThatWasShutDownBeforeTheStartFailsTheTask() =
        leaks.open("pool").use { scope ->
            val pool = Executors.newSingleThreadExecutor()
            pool.shutdown()
            assertRejected(scope.task("ask", pool.asCoroutineDispatcher()) { ask() })
        }

    @Test
    @Rule(35)
    fun aPoolThatWasShutDownBeforeAResumeFailsTheTask() =
        leaks.open("pool").use { scope ->
            val pool = Executors.newSingleThreadExecutor()
            val task = scope.task("ask", pool.asCoroutineDispatcher()) { ask() }
            shutDown(pool)
            answer.complete(1)
            assertRejected(task)
            assertTrue(hasCleanedUp.get())
        }

    @Test
    @Rule(35)
    fun aPoolThatWasShutDownBeforeAChildIsLaunchedFailsTheTask() =
        leaks.open("pool").use { scope ->
            val pool = Executors.newSingleThreadExecutor()
            val task =
                scope.task("ask", pool.asCoroutineDispatcher()) {
                    pool.shutdown()
                    launch { ask() }
                    delay(1)
                    1
                }
            assertRejected(task)
            shutDown(pool)
        }

    @Test
    @Rule(35)
    fun aTimerThatWasShutDownFailsTheTask() =
        leaks.open("timer").use { scope ->
            val pool: ScheduledExecutorService = Executors.newScheduledThreadPool(1)
            val task =
                scope.task("ask", pool.asCoroutineDispatcher()) {
                    pool.shutdown()
                    delay(60_000)
                }
            assertRejected(task)
            shutDown(pool)
        }

    @Test
    @Rule(35)
    fun dispatcherThatCancelsAPart_failsTheTask() =
        leaks.open("cancels").use { scope ->
            val cancels =
                object : CoroutineDispatcher() {
                    override fun dispatch(context: CoroutineContext, block: Runnable) {
                        context[Job]!!.cancel(
                            kotlinx.coroutines.CancellationException("the looper is gone")
                        )
                        Dispatchers.IO.dispatch(context, block)
                    }
                }
            assertRejected(scope.task("ask", cancels) { ask() })
        }

    private fun assertRejected(task: Task<*>) {
        val end = assertInstanceOf(Outcome.Failure::class.java, task.joinOutcome(), "$task")
        assertInstanceOf(RejectedExecutionException::class.java, end.exception)
    }

    private fun shutDown(pool: java.util.concurrent.ExecutorService) {
        pool.shutdown()
        assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS))
    }

    @Test
    @Rule(28)
    fun body_runsOnItsDispatcherAndSeesItByName() =
        leaks.open("sees").use { scope ->
            val thread = Executors.newSingleThreadExecutor()
            val mine = thread.asCoroutineDispatcher()
            val here = thread.submit(Callable { Thread.currentThread() }).get()
            val seen =
                scope.task("sees", mine) {
                    assertSame(here, Thread.currentThread())
                    withContext(mine) { assertSame(here, Thread.currentThread()) }
                    delay(1)
                    assertSame(here, Thread.currentThread())
                    coroutineContext[ContinuationInterceptor].toString()
                }
            assertEquals(mine.toString(), seen.join())
            shutDown(thread)
        }
}
