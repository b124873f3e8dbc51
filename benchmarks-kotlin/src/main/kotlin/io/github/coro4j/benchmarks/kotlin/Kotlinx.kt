package io.github.coro4j.benchmarks.kotlin

import java.util.concurrent.Callable
import java.util.concurrent.Executor
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

/** kotlinx.coroutines as its own users write it, on one dispatcher. */
class Kotlinx private constructor(private val dispatcher: CoroutineDispatcher) {
    private val scope = CoroutineScope(dispatcher + SupervisorJob())

    /** From the caller's thread, as all rivals do. */
    fun gather(bodies: List<Callable<Int>>): List<Int> {
        val deferreds = bodies.map { scope.async { it.call() } }
        return runBlocking { deferreds.awaitAll() }
    }

    /** Gathers from the caller's thread, with a Kotlin lambda for a body. */
    fun gatherLambdas(items: List<Int>): List<Int> {
        val deferreds = items.map { scope.async { it and 127 } }
        return runBlocking { deferreds.awaitAll() }
    }

    /**
     * Does the work of [gatherLambdas] from a thread of the dispatcher, as a program does that is
     * coroutines throughout.
     */
    fun gatherInside(items: List<Int>): List<Int> =
        runBlocking(dispatcher) { items.map { async { it and 127 } }.awaitAll() }

    fun start(body: Callable<Int>): Deferred<Int> = scope.async { body.call() }

    /** The failure that comes out once the others have been cancelled, and have ended. */
    fun failFast(bodies: List<Callable<Int>>): Throwable? =
        runBlocking(dispatcher) {
            try {
                coroutineScope { bodies.map { async { it.call() } }.awaitAll() }
                null
            } catch (e: Exception) {
                e
            }
        }

    fun limit(bodies: List<Callable<Int>>, atOnce: Int): List<Int> {
        val permits = Semaphore(atOnce)
        val deferreds = bodies.map { scope.async { permits.withPermit { it.call() } } }
        return runBlocking { deferreds.awaitAll() }
    }

    /** Waits [millis] for each of the items, for at most [atOnce] at once. */
    fun limitDelays(items: List<Int>, atOnce: Int, millis: Long): List<Int> {
        val permits = Semaphore(atOnce)
        return runBlocking(dispatcher) {
            items
                .map {
                    async {
                        permits.withPermit {
                            delay(millis)
                            it
                        }
                    }
                }
                .awaitAll()
        }
    }

    /** How many of the bodies returned. */
    fun settled(bodies: List<Callable<Int>>): Int {
        val deferreds = bodies.map { scope.async { runCatching { it.call() } } }
        return runBlocking { deferreds.awaitAll().count { it.isSuccess } }
    }

    /** The first body that returns, once the others have been cancelled, and have ended. */
    fun first(bodies: List<Callable<Int>>): Int =
        runBlocking(dispatcher) {
            val deferreds = bodies.map { async { it.call() } }
            select<Int> { deferreds.forEach { each -> each.onAwait { it } } }
                .also { deferreds.forEach { each -> each.cancelAndJoin() } }
        }

    /** Whether so many returned, once the others have been cancelled, and have ended. */
    fun quorum(bodies: List<Callable<Int>>, enough: Int): Boolean =
        runBlocking(dispatcher) {
            val returned = Channel<Int>(Channel.UNLIMITED)
            val jobs = bodies.map { launch { returned.trySend(it.call()) } }
            repeat(enough) { returned.receive() }
            jobs.forEach { it.cancelAndJoin() }
            true
        }

    fun sleep(n: Int, millis: Long): Int =
        runBlocking(dispatcher) {
            val sleepers = List(n) { launch { delay(millis) } }
            sleepers.joinAll()
            sleepers.count { it.isCompleted }
        }

    /** How many of [n] sleepers were cancelled; all had begun. */
    fun cancelSleepers(n: Int, millis: Long): Int =
        runBlocking(dispatcher) {
            val sleepers = List(n) { launch(start = CoroutineStart.UNDISPATCHED) { delay(millis) } }
            coroutineContext.cancelChildren()
            sleepers.joinAll()
            sleepers.count { it.isCancelled }
        }

    /** A scope with one coroutine in it. */
    fun request(body: Callable<Int>): Int =
        runBlocking(dispatcher) { coroutineScope { async { body.call() }.await() } }

    companion object {
        @JvmStatic fun onDefault(): Kotlinx = Kotlinx(Dispatchers.Default)

        @JvmStatic fun on(executor: Executor): Kotlinx = Kotlinx(executor.asCoroutineDispatcher())

        /** [n] promises, completed by the caller after they have been gathered. */
        @JvmStatic
        fun promises(values: List<Int>): List<Int> {
            val promises = List(values.size) { CompletableDeferred<Int>() }
            val all =
                CoroutineScope(Dispatchers.Unconfined).async(start = CoroutineStart.UNDISPATCHED) {
                    promises.awaitAll()
                }
            for (i in values.indices) promises[i].complete(values[i])
            return runBlocking { all.await() }
        }

        /** A scope with nothing in it, on the caller's thread. */
        @JvmStatic fun emptyScope(value: Int): Int = runBlocking { coroutineScope { value } }

        /** How many of [n] promises were cancelled with their group. */
        @JvmStatic
        fun cancelPromises(n: Int): Int {
            val group = Job()
            val promises = List(n) { CompletableDeferred<Int>(group) }
            group.cancel()
            return promises.count { it.isCancelled }
        }
    }
}
