package io.github.coro4j.internal.coroutine

import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Which dispatchers the thread that ends a job calls itself. */
class HandOverTest {
    @Test
    fun theEventLoopOfRunBlockingHandsOver() = runBlocking {
        assertTrue(onlyHandsOver(coroutineContext))
    }

    @Test
    fun dispatchersOfKotlinxHandOverExceptUnconfined() {
        assertTrue(onlyHandsOver(Dispatchers.Default))
        assertTrue(onlyHandsOver(Dispatchers.IO))
        assertFalse(onlyHandsOver(Dispatchers.Unconfined))
        assertFalse(onlyHandsOver(EmptyCoroutineContext))
    }

    @Test
    fun poolsOfTheJdkHandOver() {
        assertTrue(handsOver(Executors.newFixedThreadPool(1)))
        assertTrue(handsOver(Executors.newCachedThreadPool()))
        assertTrue(handsOver(ForkJoinPool(1)))
    }

    @Test
    fun whatMayRunCodeOfTheUserDoesNotHandOver() {
        val threads = ThreadFactory { Thread(it) }
        assertFalse(handsOver(Executors.newFixedThreadPool(1, threads)))
        assertFalse(handsOver(object : ForkJoinPool(1) {}))
        assertFalse(handsOver(ForkJoinPool(1, { pool -> Worker(pool) }, null, false)))
        val callerRuns =
            ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                ArrayBlockingQueue(1),
                ThreadPoolExecutor.CallerRunsPolicy(),
            )
        assertFalse(handsOver(callerRuns))
        assertFalse(onlyHandsOver(Executor { it.run() }.asCoroutineDispatcher()))
    }

    /** It says which executor it has, and dispatches as it likes. */
    @Test
    fun aDispatcherOfTheUserDoesNotHandOver() {
        val pool = ForkJoinPool(1)
        val dispatcher =
            object : ExecutorCoroutineDispatcher() {
                override val executor = pool

                override fun dispatch(context: CoroutineContext, block: Runnable) = block.run()

                override fun close() = pool.shutdown()
            }
        assertFalse(onlyHandsOver(dispatcher))
        dispatcher.close()
    }

    private class Worker(pool: ForkJoinPool) : java.util.concurrent.ForkJoinWorkerThread(pool)

    private fun handsOver(executor: ExecutorService): Boolean {
        val context: CoroutineContext = executor.asCoroutineDispatcher()
        try {
            return onlyHandsOver(context)
        } finally {
            executor.shutdown()
        }
    }
}
