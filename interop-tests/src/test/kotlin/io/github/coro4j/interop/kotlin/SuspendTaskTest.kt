package io.github.coro4j.interop.kotlin

import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskEvent
import io.github.coro4j.TaskListener
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R28: `TaskScope.task`, a suspend body that is a task. */
class SuspendTaskTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(28)
    fun suspendBody_isATaskLikeAnyOther() {
        leaks.open("page").use { scope ->
            val promise = Promise.create<String>()
            val task = scope.task("user") { promise.await() + "!" }
            assertEquals("user", task.name())
            assertSame(scope, task.scope())
            assertTrue(task in scope.tasks())
            promise.complete("Ann")
            assertEquals("Ann!", task.join())
            assertEquals("Task \"user\" (succeeded: Ann!)", task.toString())
            assertTrue(scope.task { 1 }.name().startsWith("task-"))
            assertNull(scope.task<String?> { null }.join())
        }
    }

    @Test
    @Rule(28)
    fun currentTask_isTheTaskInTheBodyAndInItsCoroutines() {
        leaks.open("page").use { scope ->
            lateinit var seen: List<Task<*>?>
            lateinit var child: Task<Int>
            val task =
                scope.task("outer") {
                    val before = Task.current()
                    val promise = Promise.create<Int>()
                    child = Task.start("inner", Callable { 5 })
                    child.addDoneCallback { promise.complete(it.result()) }
                    promise.await()
                    val inIo = withContext(Dispatchers.IO) { Task.current() }
                    var launched: Task<*>? = null
                    launch { launched = Task.current() }.join()
                    seen = listOf(before, Task.current(), inIo, launched)
                }
            task.join()
            assertEquals(listOf(task, task, task, task), seen)
            assertSame(scope, child.scope())
            assertNull(Task.current())
        }
    }

    @Test
    @Rule(28)
    fun task_isDoneOnceItsLaunchedCoroutinesAreDone() {
        leaks.open("page").use { scope ->
            val gate = Promise.create<Unit>()
            val task =
                scope.task("outer") {
                    launch { gate.await() }
                    "value"
                }
            val after = Promise.create<Unit>()
            scope.task { after.complete(Unit) }.join()
            assertFalse(task.isDone)
            gate.complete(Unit)
            assertEquals("value", task.join())
        }
    }

    @Test
    fun badInputIsRefusedBeforeAnythingStarts() {
        val scope = leaks.open("page")
        val job = Job()
        val withJob =
            assertThrows(IllegalArgumentException::class.java) { scope.task("load", job) {} }
        assertTrue(
            withJob.message!!.startsWith(
                "context must not have a Job, but has $job: no task was started in scope \"page\""
            ),
            withJob.message,
        )
        val blank = assertThrows(IllegalArgumentException::class.java) { scope.task(" ") {} }
        assertTrue(blank.message!!.startsWith("name must not be blank"), blank.message)
        scope.close()
        val closed = assertThrows(IllegalStateException::class.java) { scope.task("load") {} }
        assertTrue(
            closed.message!!.startsWith("scope \"page\" is closed and cannot start a task"),
            closed.message,
        )
    }

    @Test
    fun dump_showsSuspendedTasksAndTheirAwaitedFutures() {
        leaks.open("page").use { scope ->
            val promise = Promise.create<Int>()
            val begun = Gate()
            val task =
                scope.task("load") {
                    begun.open()
                    promise.await()
                }
            begun.pass()
            while ("suspended" !in task.toString()) Thread.yield()
            assertTrue(
                Regex(
                        "Task \"load\" \\(pending, suspended, waiting for promise \"promise-\\d+\"\\)"
                    )
                    .matches(task.toString()),
                task.toString(),
            )
            assertTrue("1 task: 1 suspended" in scope.dump(), scope.dump())
            promise.complete(1)
            task.join()
        }
    }

    @Test
    @Rule(11)
    fun callbacksAndDerivedFuturesWorkAsOnAnyTask() {
        leaks.open("page").use { scope ->
            val task = scope.task("load") { 20 }
            assertEquals(42, task.map { it + 22 }.join())
            val received = Promise.create<Int>()
            task.addDoneCallback { received.complete(it.result()) }
            assertEquals(20, received.join())
        }
    }

    @Test
    fun taskListener_seesASuspendBody() {
        val trail = java.util.concurrent.CopyOnWriteArrayList<String>()
        val listener =
            object : TaskListener {
                override fun started(event: TaskEvent) {
                    trail.add("started ${event.name()}")
                }

                override fun ended(event: TaskEvent) {
                    trail.add("ended ${event.name()} ${event.end()} ${event.begun()}")
                }

                override fun cancelRequested(event: TaskEvent) {
                    trail.add("cancelRequested ${event.name()} ${event.reason()}")
                }
            }
        val scope = leaks.opened(TaskScope.builder().name("page").taskListener(listener).open())
        scope.task("load") { 1 }.join()
        scope.join()
        val begun = Gate()
        val stuck =
            scope.task("stuck") {
                begun.open()
                awaitCancellation()
            }
        begun.pass()
        stuck.cancelAndJoin("enough")
        scope.close()
        assertEquals(
            listOf(
                "started load",
                "ended load SUCCESS true",
                "started stuck",
            ),
            trail.take(3),
        )
        // A coroutine may end while the engine still reports its cancel.
        assertEquals(
            setOf("cancelRequested stuck enough", "ended stuck CANCELLED true"),
            trail.drop(3).toSet(),
        )
    }
}
