package io.github.coro4j.interop.kotlin

import io.github.coro4j.ContextPropagator
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.Flows
import io.github.coro4j.coroutines.Suspend
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.asTaskScope
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
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/**
 * Hard cases between Java and Kotlin. In an earlier version each of them hung, lost an end or
 * leaked an object.
 */
class HardCasesTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val one: ExecutorService = Executors.newSingleThreadExecutor()

    @AfterEach
    fun end() {
        one.shutdownNow()
    }

    @Test
    @Rule(23)
    fun endOfManyCoroutines_wakesTheirWaiterOnce() =
        runBlocking<Unit> {
            repeat(300) {
                withContext(Dispatchers.Default) {
                    coroutineScope {
                        val scope = leaks.opened(asTaskScope("page"))
                        val promise = Promise.create<Int>()
                        scope.task { promise.await() }
                        repeat(50) { scope.asCoroutineScope().launch { yield() } }
                        promise.complete(1)
                    }
                }
            }
        }

    // ---- the end of cancelled work on a user's executor

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

    // ---- the job of a scope's coroutines

    @Test
    @Rule(28)
    fun jobOfTheCoroutineScope_endsWithTheScope() =
        runBlocking<Unit> {
            val scope = leaks.open("page")
            val job = scope.asCoroutineScope().coroutineContext.job
            val inner = leaks.opened(scope.asCoroutineScope().asTaskScope("inner"))
            scope.close()
            job.join()
            inner.close()
            assertFalse(inner.isOpen)
            val other = leaks.open("other")
            val cleaned = AtomicBoolean()
            val begun = Gate()
            other.asCoroutineScope().launch {
                try {
                    begun.open()
                    awaitCancellation()
                } finally {
                    cleaned.set(true)
                }
            }
            begun.pass()
            other.asCoroutineScope().coroutineContext.job.cancelAndJoin()
            assertTrue(cleaned.get())
            other.close()
        }

    // ---- interrupt flags

    @Test
    @Rule(5)
    fun cancelledWaitInACoroutine_leavesNoFlagOnTheThread() =
        runBlocking<Unit> {
            coroutineScope {
                val scope = leaks.opened(asTaskScope("page", failureListener = leaks.listener()))
                val never = Promise.create<Int>()
                val begun = Gate()
                val task = scope.task {
                    begun.open()
                    never.join()
                }
                val cancelling =
                    Task.start(
                        Callable {
                            begun.pass()
                            task.cancel("enough")
                        }
                    )
                assertTrue(cancelling.await())
                while (!task.isDone) yield()
                assertTrue(task.isCancelled)
                assertFalse(Thread.currentThread().isInterrupted)
            }
        }

    // ---- user code that kotlinx runs on the stack of a cancel

    @Test
    @Rule(11)
    fun codeThatResumesAtTheCancelOfADeferred_mayWait() {
        val deferred = CompletableDeferred<Int>()
        val later = Promise.create<Int>()
        val shield = later.shield()
        val seen = Promise.create<Int>()
        kotlinx.coroutines.CoroutineScope(Dispatchers.Unconfined).launch {
            try {
                deferred.await()
            } finally {
                later.complete(7)
                seen.complete(shield.join())
            }
        }
        deferred.asFuture().cancel("enough")
        assertEquals(7, seen.join())
    }

    // ---- captured context

    @Test
    @Rule(27)
    fun contextOfTheCoroutinesOfAnotherScope_isPropagated() {
        val held = ThreadLocal<String?>()
        fun open(name: String) =
            leaks.opened(
                TaskScope.builder()
                    .name(name)
                    .failureListener(leaks.listener())
                    .contextPropagator(ContextPropagator.of(held))
                    .open()
            )
        open("first").use { first ->
            open("second").use { second ->
                held.set("here")
                val task = first.task {
                    withContext(second.asCoroutineScope().coroutineContext) { held.get() }
                }
                held.remove()
                assertEquals("here", task.join())
            }
        }
    }
}
