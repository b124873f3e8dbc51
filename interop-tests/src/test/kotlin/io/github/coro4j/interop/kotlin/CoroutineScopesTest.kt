package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
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
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R28: a coroutine scope as a task scope. */
class CoroutineScopesTest {
    @RegisterExtension val leaks = NothingLeaks()

    private fun CoroutineScope.tasks(name: String): TaskScope =
        leaks.opened(asTaskScope(name, failureListener = leaks.listener()))

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
}
