@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.PlainThread
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.spi.BuildInfo.seeError
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** A thread that blocks for a coroutine that only this thread can run gets an error. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(25)
class ConfinedThreadTest {
    @RegisterExtension val leaks = NothingLeaks()

    private fun refused(wait: () -> Unit): DeadlockException =
        assertThrows(DeadlockException::class.java) { wait() }

    @Test
    fun joinOfATaskOfTheSameEventLoop_isRefused() = runBlocking {
        val scope = leaks.opened(asTaskScope("page"))
        val load = scope.task("load") { 1 }
        val error = refused { load.join() }
        val thread = Thread.currentThread().name
        assertEquals(
            "thread \"$thread\" cannot wait for task \"load\": task \"load\" is a coroutine that only " +
                "this thread can run, so the wait could never end. Call await() in a suspend function, " +
                "or wait on another thread. ${seeError("only-this-thread")}",
            error.message,
        )
        assertEquals(listOf(thread, "load"), error.circle())
        assertEquals(1, load.await())
        assertEquals(1, load.join())
    }

    @Test
    fun waitsThatLeadToSuchACoroutine_areRefused() = runBlocking {
        val scope = leaks.opened(asTaskScope("page"))
        val load = scope.task("load") { 1 }
        val futures: List<Future<*>> = listOf(load.map { it + 1 }, Gather.of(load).all())
        for (future in futures) refused { future.get() }
        refused { scope.join() }
        for (future in futures) future.await()
    }

    @Test
    fun asFutureOfADeferredOfTheSameEventLoop_isRefused() = runBlocking {
        val deferred = async { 1 }
        val future = deferred.asFuture()
        refused { future.join() }
        assertEquals(1, future.await())
    }

    // It needs this thread to end on. Its text does not tell whether its body has returned.
    @Test
    fun asFutureOfACancelledDeferred_isRefused() = runBlocking {
        val deferred = async { 1 }
        deferred.cancel()
        refused { deferred.asFuture().join() }
        assertTrue(deferred.asFuture().awaitOutcome().isCancelled)
    }

    @Test
    fun close_isRefusedAndFinishesLater() = runBlocking {
        coroutineScope {
            val scope = leaks.opened(asTaskScope("page"))
            val load = scope.task("load") { awaitCancellation() }
            yield()
            refused { scope.close() }
            assertTrue(load.isCancelling)
        }
    }

    @Test
    fun waitWithALimit_endsByItself() = runBlocking {
        val scope = leaks.opened(asTaskScope("page"))
        val load = scope.task("load") { 1 }
        assertThrows(TimeoutException::class.java) { load.get(1, TimeUnit.MILLISECONDS) }
        assertEquals(1, load.await())
    }

    @Test
    fun otherThreadsMayWait() = runBlocking {
        val scope = leaks.opened(asTaskScope("page"))
        val load = scope.task("load") { 1 }
        // A thread that has an event loop of its own.
        val loaded = withContext(Dispatchers.IO) { runBlocking { load.join() } }
        assertEquals(1, loaded)
        // This event loop waits for a coroutine that runs elsewhere.
        val elsewhere = CompletableDeferred<Int>()
        launch(Dispatchers.Default) { elsewhere.complete(2) }
        assertEquals(2, scope.task(context = Dispatchers.Default) { elsewhere.await() }.join())
        assertEquals(3, scope.start(Callable { 3 }).join())
    }

    @Test
    fun groupThatMayEndWithoutThisThread_isAwaited() = runBlocking {
        val deferred = async { 1 }.asFuture()
        val elsewhere = CompletableDeferred<Int>()
        leaks.open("page").use { scope ->
            val slow = scope.task { elsewhere.await() }
            val first = Gather.of(deferred, slow).firstSuccess()
            launch(Dispatchers.Default) { elsewhere.complete(2) }
            assertEquals(2, first.join())
            val broken = scope.start(Callable<Int> { throw IllegalStateException("broken") })
            assertTrue(Gather.of(deferred, broken).all().joinOutcome().isFailure)
            val limited = Gather.of(deferred).timeout(Duration.ofMillis(1)).all()
            assertTrue(limited.joinOutcome().isFailure)
        }
        assertTrue(deferred.awaitOutcome().isCancelled)
    }

    // The body has returned. A coroutine of another thread is left.
    @Test
    fun coroutineThatOnlyWaitsForAChildElsewhere_isAwaited() = runBlocking {
        val left = CompletableDeferred<Unit>()
        val deferred = async {
            launch(Dispatchers.Default) { left.await() }
            1
        }
        val scope = leaks.opened(asTaskScope("page"))
        val load =
            scope.task("load") {
                launch(Dispatchers.Default) { left.await() }
                2
            }
        yield()
        launch(Dispatchers.Default) { left.complete(Unit) }
        assertEquals(1, deferred.asFuture().join())
        assertEquals(2, load.join())
    }

    // The body has returned and its last child has gone. Another thread ends the coroutine.
    @Test
    fun coroutineThatAnotherThreadEnds_isAwaited() {
        val ending = Gate()
        val asks = CountDownLatch(1)
        val page =
            PlainThread.start("page") {
                runBlocking {
                    val left = CompletableDeferred<Unit>()
                    val deferred = async {
                        val child = launch(Dispatchers.Default) { left.await() }
                        // kotlinx has taken the child off the list when it calls this.
                        child.invokeOnCompletion { ending.passUninterruptibly() }
                        1
                    }
                    yield()
                    left.complete(Unit)
                    ending.awaitReached()
                    val future = deferred.asFuture()
                    asks.countDown()
                    future.join()
                }
            }
        asks.await()
        page.awaitBlocked()
        ending.open()
        assertEquals(1, page.result())
    }

    // The engine reads these texts, because nothing else tells whether the body has returned.
    @Test
    fun textOfACoroutine_saysWhetherItsBodyRuns() = runBlocking {
        val left = CompletableDeferred<Unit>()
        val deferred = async { launch { left.await() } }
        assertTrue(deferred.toString().contains("{Active}@"), deferred.toString())
        yield()
        assertTrue(deferred.toString().contains("{Completing}@"), deferred.toString())
        left.complete(Unit)
        deferred.join()
    }

    /** A dispatcher of one thread, like that of a user interface. */
    private class Screen(private val isImmediate: Boolean, private val home: Screen?) :
        MainCoroutineDispatcher() {
        val executor: ExecutorService =
            home?.executor ?: Executors.newSingleThreadExecutor { Thread(it, "screen") }

        override val immediate: MainCoroutineDispatcher =
            if (isImmediate) this else Screen(true, this)

        override fun isDispatchNeeded(context: CoroutineContext) =
            !isImmediate || !Thread.currentThread().name.startsWith("screen")

        override fun dispatch(context: CoroutineContext, block: Runnable) = executor.execute(block)
    }

    @Test
    fun theMainThread_isSuchAThread() {
        val screen = Screen(false, null)
        try {
            runBlocking(screen) {
                val scope = leaks.opened(asTaskScope("page"))
                val load = scope.task("load") { 1 }
                refused { load.join() }
                assertEquals(1, load.await())
                val deferred = async { 2 }.asFuture()
                refused { deferred.join() }
                assertEquals(2, deferred.await())
            }
        } finally {
            screen.executor.shutdown()
        }
    }

    /** As `Dispatchers.setMain(UnconfinedTestDispatcher())` makes it. */
    private object Unconfined : MainCoroutineDispatcher() {
        override val immediate: MainCoroutineDispatcher
            get() = this

        override fun isDispatchNeeded(context: CoroutineContext) = false

        override fun dispatch(context: CoroutineContext, block: Runnable) = block.run()
    }

    @Test
    fun aMainDispatcherWithoutAThread_isNot() = runBlocking {
        leaks.open("page").use { scope ->
            val go = CompletableDeferred<Int>()
            val load = scope.task("load", Unconfined) { go.await() }
            launch(Dispatchers.Default) { go.complete(1) }
            assertEquals(1, load.get(50, TimeUnit.SECONDS))
            assertEquals(1, load.orTimeout(Duration.ofSeconds(50)).join())
        }
    }
}
