package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
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

/** R28: a task scope as a coroutine scope. */
class CoroutinesOfAScopeTest {
    @RegisterExtension val leaks = NothingLeaks()

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
