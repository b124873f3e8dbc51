@file:OptIn(ExperimentalCoroutinesApi::class) // Before 1.9, limitedParallelism is experimental.

package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.time.Duration.ofMillis
import java.util.concurrent.Callable
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** R35: a dispatcher or executor that throws or refuses makes the task fail, and no task hangs. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DispatcherThatThrowsTest : Asking() {
    @RegisterExtension val leaks = NothingLeaks()

    /** Accepts the given number of parts, and throws for each later part. */
    private open inner class Full(accepts: Int) : CoroutineDispatcher() {
        private val left = AtomicInteger(accepts)

        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (left.decrementAndGet() < 0) throw full
            Dispatchers.Default.dispatch(context, block)
        }
    }

    // ---- the dispatcher of a task

    @Test
    @Rule(35)
    fun aDispatcherThatThrowsAtTheStartFailsTheTask() =
        leaks.open("start").use { scope ->
            val hasBegun = AtomicBoolean()
            val task = scope.task("ask", Full(0)) { hasBegun.set(true) }
            assertFull(task)
            assertTrue(!hasBegun.get())
        }

    @ParameterizedTest
    @ValueSource(ints = [1, 2])
    @Rule(35)
    fun aDispatcherThatThrowsAtAResumeFailsTheTask(accepts: Int) =
        leaks.open("resume").use { scope ->
            val task = scope.task("ask", Full(accepts)) { ask().also { yield() } }
            answer.complete(1)
            assertFull(task)
            assertTrue(hasCleanedUp.get(), "the clean-up has not run")
        }

    @Test
    @Rule(35)
    fun cancelledTaskOnADispatcherThatThrows_ends() =
        leaks.open("cancel").use { scope ->
            val isSuspended = Promise.create<Int>()
            val task =
                scope.task("ask", Full(1)) {
                    isSuspended.complete(1)
                    ask()
                }
            isSuspended.join()
            task.cancel("no answer")
            assertFull(task)
            assertTrue(hasCleanedUp.get(), "the clean-up has not run")
        }

    @Test
    @Rule(35)
    fun throwingIsDispatchNeeded_failsTheTask() =
        leaks.open("needed").use { scope ->
            val asked = AtomicInteger()
            val unsure =
                object : CoroutineDispatcher() {
                    override fun isDispatchNeeded(context: CoroutineContext): Boolean =
                        if (asked.incrementAndGet() > 1) throw full else true

                    override fun dispatch(context: CoroutineContext, block: Runnable) =
                        Dispatchers.Default.dispatch(context, block)
                }
            val task = scope.task("ask", unsure) { ask() }
            answer.complete(1)
            assertFull(task)
        }

    @Test
    @Rule(35)
    fun limitedViewOfADispatcherThatThrows_failsTheTask() =
        leaks.open("view").use { scope ->
            val task = scope.task("ask", Full(0).limitedParallelism(1)) { ask() }
            answer.complete(1)
            assertFull(task)
        }

    @Test
    @Rule(35)
    fun aLaunchedCoroutineThatIsRefusedFailsTheTask() =
        leaks.open("child").use { scope ->
            val task =
                scope.task("ask", Full(1)) {
                    launch { ask() }
                    2
                }
            assertFull(task)
        }

    @Test
    @Rule(35)
    fun aDispatcherOfWithContextThatThrowsAtAResumeFailsTheTask() =
        leaks.open("with context").use { scope ->
            val task =
                scope.task("ask") { withContext(Full(1)) { Task.sleep(ofMillis(50)).await() } }
            assertFull(task)
        }

    @Test
    @Rule(35)
    fun missingMainDispatcher_failsTheTask() =
        leaks.open("main").use { scope ->
            // With kotlinx-coroutines-test on the class path, `immediate` throws by itself.
            val task = scope.task("ask", Dispatchers.Main) { 1 }
            val end = assertInstanceOf(Outcome.Failure::class.java, task.joinOutcome())
            assertInstanceOf(IllegalStateException::class.java, end.exception)
            assertEquals(0, end.exception.suppressed.size)
        }

    // ---- the dispatcher of the coroutine scope around a task scope

    @ParameterizedTest
    @ValueSource(ints = [0, 1])
    @Rule(35)
    fun dispatcherAroundAScope_failsTheTask(accepts: Int) {
        val scope =
            CoroutineScope(Job() + Full(accepts)).asTaskScope(failureListener = leaks.listener())
        scope.use {
            val task = scope.task("ask") { ask() }
            answer.complete(1)
            assertFull(task)
        }
    }

    @Test
    @Rule(35)
    fun refusedCoroutineOfAScope_isReported() {
        val scope = CoroutineScope(Job() + Full(0)).asTaskScope(failureListener = leaks.listener())
        scope.asCoroutineScope().launch { ask() }
        scope.close()
        assertSame(full, leaks.takeReports().single().exception())
    }

    // ---- executors

    @ParameterizedTest
    @ValueSource(ints = [0, 1])
    @Rule(35)
    fun anExecutorThatThrowsFailsASuspendTask(accepts: Int) =
        leaks.open("executor", executor(accepts)).use { scope ->
            val task = scope.task("ask") { ask() }
            answer.complete(1)
            assertFull(task)
        }

    @Test
    @Rule(35)
    fun anExecutorThatThrowsFailsATaskOfJava() =
        leaks.open("executor", executor(0)).use { scope ->
            assertFull(scope.start("ask", Callable { 1 }))
        }

    @Test
    @Rule(35)
    fun dispatcherAsAnExecutor_failsTheTaskWithItsException() =
        leaks.open("executor", Full(0).asExecutor()).use { scope ->
            assertFull(scope.start("java", Callable { 1 }))
            assertFull(scope.task("suspend") { 1 })
        }

    private fun executor(accepts: Int): Executor {
        val left = AtomicInteger(accepts)
        return Executor { if (left.decrementAndGet() < 0) throw full else Thread(it).start() }
    }

    // ---- coroutines outside any scope of this library

    @Test
    @Rule(35)
    fun foreignCoroutineThatCannotResume_breaksNeitherCompleterNorOthers() =
        runBlocking<Unit> {
            val broken =
                CoroutineScope(Job() + Full(0)).async(start = CoroutineStart.UNDISPATCHED) {
                    answer.await()
                }
            val other = async(start = CoroutineStart.UNDISPATCHED) { answer.await() }
            assertTrue(answer.complete(1))
            assertEquals(1, other.await())
            broken.join()
            assertTrue(broken.isCancelled)
        }
}
