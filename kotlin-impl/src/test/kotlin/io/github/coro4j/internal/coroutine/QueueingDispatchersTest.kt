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
class QueueingDispatchersTest {
    @Test
    fun theEventLoopOfRunBlockingQueues() = runBlocking {
        assertTrue(onlyQueues(coroutineContext))
    }

    @Test
    fun dispatchersOfKotlinxQueueExceptUnconfined() {
        assertTrue(onlyQueues(Dispatchers.Default))
        assertTrue(onlyQueues(Dispatchers.IO))
        assertFalse(onlyQueues(Dispatchers.Unconfined))
        assertFalse(onlyQueues(EmptyCoroutineContext))
    }

    @Test
    fun poolsOfTheJdkQueue() {
        assertTrue(queues(Executors.newFixedThreadPool(1)))
        assertTrue(queues(Executors.newCachedThreadPool()))
        assertTrue(queues(ForkJoinPool(1)))
    }

    @Test
    fun whatMayRunCodeOfTheUserDoesNotCountAsQueueing() {
        val threads = ThreadFactory { Thread(it) }
        assertFalse(queues(Executors.newFixedThreadPool(1, threads)))
        assertFalse(queues(object : ForkJoinPool(1) {}))
        assertFalse(queues(ForkJoinPool(1, { pool -> Worker(pool) }, null, false)))
        val callerRuns =
            ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                ArrayBlockingQueue(1),
                ThreadPoolExecutor.CallerRunsPolicy(),
            )
        assertFalse(queues(callerRuns))
        assertFalse(onlyQueues(Executor { it.run() }.asCoroutineDispatcher()))
    }

    /** It says which executor it has, and dispatches as it likes. */
    @Test
    fun aDispatcherOfTheUserDoesNotCountAsQueueing() {
        val pool = ForkJoinPool(1)
        val dispatcher =
            object : ExecutorCoroutineDispatcher() {
                override val executor = pool

                override fun dispatch(context: CoroutineContext, block: Runnable) = block.run()

                override fun close() = pool.shutdown()
            }
        assertFalse(onlyQueues(dispatcher))
        dispatcher.close()
    }

    private class Worker(pool: ForkJoinPool) : java.util.concurrent.ForkJoinWorkerThread(pool)

    private fun queues(executor: ExecutorService): Boolean {
        val context: CoroutineContext = executor.asCoroutineDispatcher()
        try {
            return onlyQueues(context)
        } finally {
            executor.shutdown()
        }
    }
}
