package io.github.coro4j.internal.coroutine

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
import kotlinx.coroutines.asCoroutineDispatcher

/**
 * Returns whether the dispatcher in [context] only queues a coroutine. Any other may run it on the
 * spot, block or throw, which must not happen on the stack of the thread that ends a job.
 */
internal fun onlyQueues(context: CoroutineContext): Boolean {
    val dispatcher = context[ContinuationInterceptor]
    return when {
        dispatcher is ScopeDispatcher -> dispatcher.onlyQueues
        dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO -> true
        dispatcher != null && dispatcher.javaClass === OF_EXECUTOR ->
            onlyQueues((dispatcher as ExecutorCoroutineDispatcher).executor)
        dispatcher is MainCoroutineDispatcher ->
            try {
                dispatcher.isDispatchNeeded(context)
            } catch (e: Throwable) {
                false
            }
        // One that runs a coroutine on the spot must not do that later on another thread. A test
        // expects it to have run.
        else -> EVENT_LOOP?.isInstance(dispatcher) == true || isOfTests(dispatcher)
    }
}

/**
 * The class of the dispatcher of `runBlocking`, or null if it is not found. It is internal, and no
 * public type tells it from others. If it is null, a thread of the engine makes each resumption
 * there. `QueueingDispatchersTest` fails if kotlinx.coroutines renames the class.
 */
internal val EVENT_LOOP: Class<*>? =
    try {
        Class.forName("kotlinx.coroutines.EventLoop")
    } catch (e: ClassNotFoundException) {
        null
    }

/**
 * The class of what `asCoroutineDispatcher` returns. A user's subclass may dispatch differently.
 */
private val OF_EXECUTOR: Class<*> = Executor { it.run() }.asCoroutineDispatcher().javaClass

/**
 * Returns whether `execute` of [executor] only queues the work, or starts a thread of the JDK for
 * it. A subclass may override anything, so only exact classes count.
 */
private fun onlyQueues(executor: Executor): Boolean =
    when (executor.javaClass) {
        ForkJoinPool::class.java ->
            (executor as ForkJoinPool).factory === ForkJoinPool.defaultForkJoinWorkerThreadFactory
        ThreadPoolExecutor::class.java -> {
            val pool = executor as ThreadPoolExecutor
            pool.rejectedExecutionHandler.javaClass === ABORT_POLICY &&
                pool.threadFactory.javaClass === DEFAULT_FACTORY &&
                pool.queue.javaClass in QUEUES
        }
        else -> false
    }

private val ABORT_POLICY: Class<*> = ThreadPoolExecutor.AbortPolicy::class.java
private val DEFAULT_FACTORY: Class<*> = Executors.defaultThreadFactory().javaClass
private val QUEUES: Set<Class<*>> =
    setOf(LinkedBlockingQueue::class.java, SynchronousQueue::class.java)
