package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.Flows
import io.github.coro4j.coroutines.Suspend
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.Callable
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/**
 * Work of Kotlin ends on a user's executor that has one thread, drops or refuses parts, or runs
 * them on the spot.
 */
class CoroutinesOnAnExecutorTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val one: ExecutorService = Executors.newSingleThreadExecutor()

    @AfterEach
    fun end() {
        one.shutdownNow()
    }

    @Test
    @Rule(25)
    fun bodyThatClosesAReaderOnTheOnlyThread_goesOn() {
        leaks.open("one", one).use { scope ->
            val task =
                scope.start(
                    Callable {
                        val items = Flows.iterator(flow { repeat(3) { emit(it) } })
                        items.use { it.next() }
                    }
                )
            assertEquals(0, task.join())
        }
    }

    @Test
    @Rule(25)
    fun cancel_reachesAFunctionThatTheOnlyThreadWaitsFor() {
        leaks.open("one", one).use { scope ->
            val begun = Gate()
            val task =
                scope.start(Callable { Suspend.runBlocking<Int> { c -> waitForEver(begun, c) } })
            begun.pass()
            assertTrue(task.cancelAndJoin("enough") is Outcome.Cancelled)
        }
    }

    private fun waitForEver(begun: Gate, c: kotlin.coroutines.Continuation<Int>): Any? {
        val body: suspend () -> Int = {
            begun.open()
            awaitCancellation()
        }
        @Suppress("UNCHECKED_CAST")
        return (body as (kotlin.coroutines.Continuation<Int>) -> Any?)(c)
    }

    @Test
    @Rule(23)
    fun closeOnTheOnlyThreadOfTheExecutor_ends() {
        val scope = leaks.open("one", one)
        val begun = Gate()
        scope.task<Unit> {
            begun.open()
            awaitCancellation()
        }
        begun.pass()
        one.submit(scope::close).get()
    }

    @Test
    @Rule(23)
    fun close_endsEvenIfTheExecutorHasDroppedAPart() {
        val dropped = LinkedBlockingQueue<Runnable>()
        val drops = AtomicBoolean()
        val scope = leaks.open("drops") { if (drops.get()) dropped.add(it) else one.execute(it) }
        val promise = Promise.create<Int>()
        val begun = Gate()
        val task = scope.task {
            begun.open()
            promise.await()
        }
        begun.pass()
        while ("suspended" !in task.toString()) Thread.yield()
        drops.set(true)
        promise.complete(1)
        dropped.take() // the executor never runs it
        scope.close()
        assertTrue(task.isDone)
    }

    @Test
    @Rule(6)
    fun cancelBeforeTheStart_endsTheTaskEvenIfTheExecutorDropsIt() {
        leaks
            .open("drops") {}
            .use { scope ->
                repeat(5_000) {
                    val started = Promise.create<Task<Int>>()
                    val cancelling = Task.start(Callable { started.join().cancel("enough") })
                    val task = scope.task { 1 }
                    started.complete(task)
                    cancelling.join()
                    assertTrue(task.joinOutcome() is Outcome.Cancelled)
                }
                scope.cancel("while they begin")
            }
    }

    @Test
    fun directExecutor_runsLongCoroutinesWithoutAStackOverflow() {
        leaks.open("here", Runnable::run).use { scope ->
            assertEquals(
                20_000,
                scope
                    .task {
                        repeat(20_000) { yield() }
                        20_000
                    }
                    .join(),
            )
        }
        val callerRuns =
            ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                ArrayBlockingQueue(1),
                ThreadPoolExecutor.CallerRunsPolicy(),
            )
        try {
            leaks.open("caller runs", callerRuns).use { scope ->
                val tasks =
                    List(8) {
                        scope.task {
                            repeat(5_000) { yield() }
                            1
                        }
                    }
                assertEquals(8, tasks.sumOf { it.join() })
            }
        } finally {
            callerRuns.shutdownNow()
        }
    }

    @Test
    @Rule(16)
    fun refusedCoroutine_isReported() {
        val refuses = AtomicBoolean()
        val refused = RejectedExecutionException("full")
        val scope = leaks.open("full") { if (refuses.get()) throw refused else one.execute(it) }
        val begun = Gate()
        val mayLaunch = Gate()
        val task = scope.task {
            begun.open()
            mayLaunch.passUninterruptibly()
            launch { error("never runs") }
            "done"
        }
        begun.pass()
        refuses.set(true)
        mayLaunch.open()
        assertEquals(refused, task.joinOutcome().exceptionOrNull())
        scope.asCoroutineScope().launch(CoroutineName("load")) {}
        assertEquals(
            listOf("coroutine \"load\" failed, and no code has read the failure"),
            leaks.awaitReports(1).map { it.message() },
        )
        refuses.set(false)
        scope.close()
    }
}
