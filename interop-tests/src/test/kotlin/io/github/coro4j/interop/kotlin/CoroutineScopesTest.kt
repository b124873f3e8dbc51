package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.interop.testing.SlowCleanUp
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R28: a coroutine scope as a task scope, and a task scope as a coroutine scope. */
class CoroutineScopesTest {
    @RegisterExtension val leaks = NothingLeaks()

    private fun CoroutineScope.tasks(name: String): TaskScope =
        leaks.opened(asTaskScope(name, failureListener = leaks.listener()))

    // ---- asTaskScope

    @Test
    @Rule(28)
    fun theCoroutineScopeWaitsForTheTasks() =
        runBlocking<Unit> {
            val gate = Gate()
            val done = AtomicBoolean()
            lateinit var task: Task<*>
            lateinit var scope: TaskScope
            val outer =
                async(Dispatchers.Default) {
                    coroutineScope {
                        scope = tasks("page")
                        task =
                            scope.launch("load") {
                                gate.pass()
                                done.set(true)
                            }
                    }
                    done.get()
                }
            gate.awaitReached()
            assertFalse(outer.isCompleted)
            gate.open()
            assertTrue(outer.await())
            task.join()
            scope.close() // waits for the end of the close that the coroutine scope has begun
            assertFalse(scope.isOpen)
        }

    @Test
    @Rule(28)
    fun cancelledCoroutineScope_waitsForTheCleanUpOfTheTasks() =
        runBlocking<Unit> {
            val around = Job()
            val scope = CoroutineScope(around).tasks("page")
            val gate = Gate()
            val cleaning = Gate()
            scope.launch("load", SlowCleanUp(gate, cleaning))
            gate.awaitReached()
            around.cancel(CancellationException("gone"))
            cleaning.awaitReached()
            assertFalse(around.isCompleted)
            cleaning.open()
            around.join()
            assertEquals(emptySet<Task<*>>(), scope.tasks())
            scope.close()
        }

    @Test
    @Rule(28)
    fun idleTaskScope_doesNotKeepTheCoroutineScopeWaiting() =
        runBlocking<Unit> {
            val scope = coroutineScope { tasks("idle").also { it.start(Callable { 1 }).join() } }
            scope.close()
            assertThrows(IllegalStateException::class.java) { scope.launch {} }
        }

    @Test
    @Rule(28)
    fun cancelOfTheCoroutineScope_endsTheTasksAndInterruptsTheirBodies() =
        runBlocking<Unit> {
            // A view model has such a scope.
            val viewModelScope = CoroutineScope(SupervisorJob() + CoroutineName("view"))
            val scope = leaks.opened(viewModelScope.asTaskScope(failureListener = leaks.listener()))
            assertEquals("view", scope.name())
            val gate = Gate()
            val begun = Gate()
            val blocked = scope.start("blocked", Callable { gate.pass() })
            val suspended =
                scope.task("suspended") {
                    begun.open()
                    awaitCancellation()
                }
            gate.awaitReached()
            begun.pass()
            viewModelScope.cancel("the screen is gone")
            for (task in listOf(blocked, suspended)) {
                val end = task.joinOutcome() as Outcome.Cancelled
                assertEquals(
                    "the screen is gone",
                    (end.cancellation as TaskCancelledException).reason(),
                )
            }
            viewModelScope.coroutineContext.job.join()
            scope.close()
        }

    @Test
    @Rule(24)
    fun aFailureOfATaskLeavesTheCoroutineScopeAlone() =
        runBlocking<Unit> {
            coroutineScope {
                val scope = tasks("page")
                assertTrue(
                    scope.start(Callable<Int> { throw IOException("boo") }).awaitOutcome()
                        is Outcome.Failure
                )
                assertEquals(2, scope.start(Callable { 2 }).await())
            }
        }

    @Test
    @Rule(16)
    fun unreadFailures_areReportedAtTheEndOfTheCoroutineScope() =
        runBlocking<Unit> {
            coroutineScope {
                tasks("page").start("load", Callable<Int> { throw IOException("boo") })
            }
            assertEquals(
                listOf("task \"load\" failed, and no code has read the failure"),
                leaks.awaitReports(1).map { it.message() },
            )
        }

    @Test
    @Rule(28)
    fun aCoroutineThatFailsCancelsTheTasks() =
        runBlocking<Unit> {
            val gate = Gate()
            lateinit var task: Task<*>
            val original = IOException("boo")
            val seen = runCatching {
                coroutineScope {
                    task = tasks("page").start("load", Callable { gate.pass() })
                    launch(Dispatchers.Default) {
                        gate.awaitReached()
                        throw original
                    }
                }
            }
            assertTrue(seen.exceptionOrNull() is IOException)
            assertTrue(task.isDone)
            val end = task.outcome() as Outcome.Cancelled
            assertEquals(
                "the coroutine scope around it failed: java.io.IOException",
                (end.cancellation as TaskCancelledException).reason(),
            )
        }

    @Test
    @Rule(28)
    fun earlyCloseOfTheTaskScope_leavesTheCoroutineScopeAlone() =
        runBlocking<Unit> {
            coroutineScope {
                val scope = tasks("page")
                val gate = Gate()
                val task = scope.start(Callable { gate.pass() })
                scope.close()
                assertTrue(task.isCancelled)
                assertEquals(1, async { 1 }.await())
            }
        }

    @Test
    @Rule(28)
    fun suspendBodiesRunOnTheDispatcherOfTheCoroutineScopeAndJavaBodiesDoNot() =
        runBlocking<Unit> {
            val here = Thread.currentThread()
            coroutineScope {
                val scope = tasks("page")
                assertSame(here, scope.task { Thread.currentThread() }.await())
                assertFalse(scope.start(Callable { Thread.currentThread() }).await() === here)
            }
        }

    @Test
    @Rule(28)
    fun endedCoroutineScope_startsNoTask() {
        val over = CoroutineScope(Job().apply { complete() })
        val scope = leaks.opened(over.asTaskScope("late"))
        scope.close()
        val over2 = CoroutineScope(Job().apply { cancel(CancellationException("gone")) })
        val cancelled = leaks.opened(over2.asTaskScope("late"))
        cancelled.close()
        assertThrows(IllegalStateException::class.java) { cancelled.launch {} }
    }

    @Test
    @Rule(28)
    fun taskScopeOfATask_belongsToTheScopeOfTheTask() {
        leaks.open("outer").use { outer ->
            val begun = Gate()
            val inner = Promise.create<Task<*>>()
            val task =
                outer.task("outer") {
                    inner.complete(
                        asTaskScope("inner").launch { Gate().also { begun.open() }.pass() }
                    )
                    "value"
                }
            begun.pass()
            assertFalse(task.isDone)
            assertTrue("scope \"inner\"" in outer.dump(), outer.dump())
            task.cancel("enough")
            val end = inner.join().joinOutcome() as Outcome.Cancelled
            assertEquals("enough", (end.cancellation as TaskCancelledException).reason())
            assertTrue(task.joinOutcome() is Outcome.Cancelled)
        }
    }

    // ---- asCoroutineScope

    @Test
    @Rule(28)
    fun coroutines_belongToTheTaskScope() {
        val ended = AtomicBoolean()
        val begun = Gate()
        val scope = leaks.open("page")
        assertSame(scope.asCoroutineScope(), scope.asCoroutineScope())
        scope.asCoroutineScope().launch {
            try {
                begun.open()
                awaitCancellation()
            } finally {
                ended.set(true)
            }
        }
        begun.pass()
        assertTrue(
            "scope \"page\" (open, age 0 s, 0 tasks, 1 coroutine" in scope.dump(),
            scope.dump(),
        )
        scope.close()
        assertTrue(ended.get())
        val late = assertThrows(IllegalStateException::class.java) { scope.asCoroutineScope() }
        assertTrue(
            late.message!!.startsWith(
                "scope \"page\" is closed and cannot be used as a CoroutineScope"
            ),
            late.message,
        )
    }

    @Test
    @Rule(28)
    fun join_waitsForCoroutinesOfInnerScopesAndForLaterCoroutines() {
        leaks.open("outer").use { outer ->
            val gate = Promise.create<Unit>()
            val trail = java.util.concurrent.ConcurrentLinkedQueue<String>()
            val joined = Promise.create<List<String>>()
            outer.asCoroutineScope().launch {
                gate.await()
                outer.asCoroutineScope().launch { trail.add("second") }
                trail.add("first")
            }
            val waiter = Thread {
                outer.join()
                joined.complete(trail.toList())
            }
            waiter.start()
            while (waiter.state != Thread.State.WAITING) Thread.yield()
            assertFalse(joined.isDone)
            gate.complete(Unit)
            assertEquals(setOf("first", "second"), joined.join().toSet())
            waiter.join()
        }
    }

    @Test
    @Rule(28)
    fun cancelOfTheCoroutineScope_cancelsTheTaskScope() {
        leaks.open("page").use { scope ->
            val gate = Gate()
            val task = scope.start("load", Callable { gate.pass() })
            gate.awaitReached()
            scope.asCoroutineScope().cancel("enough")
            val end = task.joinOutcome() as Outcome.Cancelled
            assertEquals("enough", (end.cancellation as TaskCancelledException).reason())
        }
        val global = TaskScope.global().asCoroutineScope()
        assertThrows(IllegalStateException::class.java) { global.cancel() }
        runBlocking { global.launch {}.join() }
    }

    @Test
    @Rule(28)
    fun cancelOfTheTaskScope_cancelsTheCoroutinesWithItsReason() =
        runBlocking<Unit> {
            val scope = leaks.open("page")
            val reason = Promise.create<String?>()
            scope.asCoroutineScope().launch(start = CoroutineStart.UNDISPATCHED) {
                try {
                    awaitCancellation()
                } catch (e: TaskCancelledException) {
                    reason.complete(e.reason())
                    throw e
                }
            }
            scope.cancel("enough")
            assertEquals("enough", reason.await())
            val never = AtomicBoolean()
            scope.asCoroutineScope().launch { never.set(true) }.join()
            scope.close()
            assertFalse(never.get())
        }

    @Test
    @Rule(16)
    fun failureOfALaunch_goesToTheFailureListener() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val coroutines = scope.asCoroutineScope()
                coroutines.launch(CoroutineName("load")) { throw IOException("boo") }.join()
                assertEquals(
                    listOf("coroutine \"load\" failed, and no code has read the failure"),
                    leaks.awaitReports(1).map { it.message() },
                )
                // The scope is a supervisor, so it still runs coroutines.
                assertEquals(1, coroutines.async { 1 }.await())
            }
        }

    @Test
    @Rule(23)
    fun taskThatACoroutineStarts_belongsToItsScope() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val started =
                    scope
                        .asCoroutineScope()
                        .async { Task.current() to Task.start(Callable { 1 }) }
                        .await()
                assertNull(started.first)
                assertSame(scope, started.second.scope())
            }
        }

    @Test
    @Rule(23)
    fun coroutineThatClosesItsOwnScope_getsAnError() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val thrown =
                    scope
                        .asCoroutineScope()
                        .async { runCatching { scope.close() }.exceptionOrNull() }
                        .await()
                assertTrue(thrown is IllegalStateException)
                assertTrue(
                    thrown!!
                        .message!!
                        .startsWith(
                            "scope \"page\" cannot close inside itself: a coroutine of scope \"page\" would wait"
                        ),
                    thrown.message,
                )
            }
        }

    @Test
    @Rule(25)
    fun taskAndCoroutineThatWaitForEachOtherThroughAScope_areACircle() {
        leaks.open("waits").use { waits ->
            leaks.open("waited").use { waited ->
                val given = Promise.create<Future<*>>()
                val coroutine = waited.asCoroutineScope().async { given.await().join() }
                val task = waits.launch("joiner") { waited.join() }
                given.complete(task)
                val end = task.joinOutcome()
                val other = runBlocking { runCatching { coroutine.await() }.exceptionOrNull() }
                assertTrue(
                    listOf(end.exceptionOrNull(), other, other?.cause).any {
                        it is DeadlockException
                    },
                    "$end, $other",
                )
            }
        }
    }
}
