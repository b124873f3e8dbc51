package io.github.coro4j.internal

import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.MainCoroutineDispatcher

/**
 * Returns whether the dispatcher in [context] only hands a coroutine over. Any other may run it on
 * the spot, block or throw, which must not happen on the stack of the thread that ends a job.
 */
internal fun onlyHandsOver(context: CoroutineContext): Boolean {
    val dispatcher = context[ContinuationInterceptor]
    return when {
        dispatcher is ScopeDispatcher -> dispatcher.isHandOver
        dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO -> true
        dispatcher is ExecutorCoroutineDispatcher -> onlyQueues(dispatcher.executor)
        dispatcher is MainCoroutineDispatcher ->
            try {
                dispatcher.isDispatchNeeded(context)
            } catch (e: Throwable) {
                false
            }
        else -> EVENT_LOOP?.isInstance(dispatcher) == true
    }
}

/**
 * The class of the dispatcher of `runBlocking`, which queues and wakes a thread. It is internal,
 * and no public type tells it from others. If it is not found, each resumption there takes a thread
 * of the engine in between. `HandOverTest` breaks when that changes.
 */
private val EVENT_LOOP: Class<*>? =
    try {
        Class.forName("kotlinx.coroutines.EventLoop")
    } catch (e: ClassNotFoundException) {
        null
    }

/**
 * Returns whether `execute` of [executor] only queues. It then runs no work on the spot, and calls
 * no code of the user, such as a thread factory. A subclass may override anything, so this knows
 * exact classes.
 */
private fun onlyQueues(executor: Executor): Boolean =
    when (executor.javaClass) {
        ForkJoinPool::class.java ->
            (executor as ForkJoinPool).factory === ForkJoinPool.defaultForkJoinWorkerThreadFactory
        ThreadPoolExecutor::class.java -> {
            val pool = executor as ThreadPoolExecutor
            pool.rejectedExecutionHandler.javaClass === REFUSES &&
                pool.threadFactory.javaClass === OF_THE_JDK &&
                pool.queue.javaClass in QUEUES
        }
        else -> false
    }

private val REFUSES: Class<*> = ThreadPoolExecutor.AbortPolicy::class.java
private val OF_THE_JDK: Class<*> = Executors.defaultThreadFactory().javaClass
private val QUEUES: Set<Class<*>> =
    setOf(LinkedBlockingQueue::class.java, SynchronousQueue::class.java)
