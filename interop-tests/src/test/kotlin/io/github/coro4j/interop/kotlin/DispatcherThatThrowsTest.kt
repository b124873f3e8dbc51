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
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.ScheduledExecutorService
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
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
class DispatcherThatThrowsTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val full = RejectedExecutionException("full")

    /** Accepts the given number of parts, and throws for each later part. */
    private open inner class Full(accepts: Int) : CoroutineDispatcher() {
        private val left = AtomicInteger(accepts)

        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (left.decrementAndGet() < 0) throw full
            Dispatchers.Default.dispatch(context, block)
        }
    }

    /** The answer for which [ask] suspends. [hasCleanedUp] says whether its clean-up has run. */
    private val answer = Promise.create<Int>()
    private val hasCleanedUp = AtomicBoolean()

    private suspend fun ask(): Int =
        try {
            answer.await()
        } finally {
            withContext(NonCancellable) {
                yield()
                hasCleanedUp.set(true)
            }
        }

    private fun assertFull(task: Task<*>, expected: Throwable = full) {
        val end = assertInstanceOf(Outcome.Failure::class.java, task.joinOutcome(), "$task")
        assertSame(expected, end.exception)
        assertEquals(0, expected.suppressed.size, "the shared exception has suppressed exceptions")
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
            for (main in listOf(Dispatchers.Main, Dispatchers.Main.immediate)) {
                val task = scope.task("ask", main) { 1 }
                val end = assertInstanceOf(Outcome.Failure::class.java, task.joinOutcome())
                assertInstanceOf(IllegalStateException::class.java, end.exception)
                assertEquals(0, end.exception.suppressed.size)
            }
        }

    // ---- an interceptor that is not a dispatcher

    private class Interceptor(private val failsAt: (Int) -> Throwable?) :
        AbstractCoroutineContextElement(ContinuationInterceptor), ContinuationInterceptor {
        private val resumed = AtomicInteger()

        override fun <T> interceptContinuation(continuation: Continuation<T>): Continuation<T> =
            object : Continuation<T> {
                override val context = continuation.context

                override fun resumeWith(result: Result<T>) {
                    failsAt(resumed.incrementAndGet())?.let { throw it }
                    continuation.resumeWith(result)
                }
            }
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 2])
    @Rule(35)
    fun anInterceptorThatThrowsFailsTheTask(failsAt: Int) =
        leaks.open("interceptor").use { scope ->
            val task =
                scope.task("ask", Interceptor { n -> full.takeIf { n >= failsAt } }) { ask() }
            answer.complete(1)
            assertFull(task)
        }

    @Test
    @Rule(28)
    fun bodyOnAnInterceptor_hasTheCurrentTask() =
        leaks.open("interceptor").use { scope ->
            val task = scope.task("ask", Interceptor { null }) { ask().let { Task.current() } }
            answer.complete(1)
            assertSame(task, task.join())
        }

    // ---- dispatchers that refuse by a cancel

    @Test
    @Rule(35)
    fun aPoolThatWasShutDownBeforeTheStartFailsTheTask() =
        leaks.open("pool").use { scope ->
            val pool = Executors.newSingleThreadExecutor()
            pool.shutdown()
            assertRejected(scope.task("ask", pool.asCoroutineDispatcher()) { ask() })
        }

    @Test
    @Rule(35)
    fun aPoolThatWasShutDownBeforeAResumeFailsTheTask() =
        leaks.open("pool").use { scope ->
            val pool = Executors.newSingleThreadExecutor()
            val task = scope.task("ask", pool.asCoroutineDispatcher()) { ask() }
            shutDown(pool)
            answer.complete(1)
            assertRejected(task)
            assertTrue(hasCleanedUp.get())
        }

    @Test
    @Rule(35)
    fun aPoolThatWasShutDownBeforeAChildIsLaunchedFailsTheTask() =
        leaks.open("pool").use { scope ->
            val pool = Executors.newSingleThreadExecutor()
            val task =
                scope.task("ask", pool.asCoroutineDispatcher()) {
                    pool.shutdown()
                    launch { ask() }
                    delay(1)
                    1
                }
            assertRejected(task)
            shutDown(pool)
        }

    @Test
    @Rule(35)
    fun aTimerThatWasShutDownFailsTheTask() =
        leaks.open("timer").use { scope ->
            val pool: ScheduledExecutorService = Executors.newScheduledThreadPool(1)
            val task =
                scope.task("ask", pool.asCoroutineDispatcher()) {
                    pool.shutdown()
                    delay(60_000)
                }
            assertRejected(task)
            shutDown(pool)
        }

    @Test
    @Rule(35)
    fun dispatcherThatCancelsAPart_failsTheTask() =
        leaks.open("cancels").use { scope ->
            val cancels =
                object : CoroutineDispatcher() {
                    override fun dispatch(context: CoroutineContext, block: Runnable) {
                        context[Job]!!.cancel(
                            kotlinx.coroutines.CancellationException("the looper is gone")
                        )
                        Dispatchers.IO.dispatch(context, block)
                    }
                }
            assertRejected(scope.task("ask", cancels) { ask() })
        }

    private fun assertRejected(task: Task<*>) {
        val end = assertInstanceOf(Outcome.Failure::class.java, task.joinOutcome(), "$task")
        assertInstanceOf(RejectedExecutionException::class.java, end.exception)
    }

    private fun shutDown(pool: java.util.concurrent.ExecutorService) {
        pool.shutdown()
        assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS))
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

    // ---- dispatchers that work

    @Test
    @Rule(28)
    fun body_runsOnItsDispatcherAndSeesItByName() =
        leaks.open("sees").use { scope ->
            val thread = Executors.newSingleThreadExecutor()
            val mine = thread.asCoroutineDispatcher()
            val here = thread.submit(Callable { Thread.currentThread() }).get()
            val seen =
                scope.task("sees", mine) {
                    assertSame(here, Thread.currentThread())
                    withContext(mine) { assertSame(here, Thread.currentThread()) }
                    delay(1)
                    assertSame(here, Thread.currentThread())
                    coroutineContext[ContinuationInterceptor].toString()
                }
            assertEquals(mine.toString(), seen.join())
            shutDown(thread)
        }

    @Test
    @Rule(28)
    fun unconfinedBody_resumesOnTheStackOfTheCompleter() =
        leaks.open("unconfined").use { scope ->
            val signal = CompletableDeferred<Unit>()
            val task =
                scope.task("body", Dispatchers.Unconfined) {
                    signal.await()
                    Thread.currentThread()
                }
            signal.complete(Unit)
            assertSame(Thread.currentThread(), task.join())
        }

    // ---- an interceptor that throws when the engine releases it

    private class ThrowsAtRelease(private val refusal: RuntimeException) :
        AbstractCoroutineContextElement(ContinuationInterceptor), ContinuationInterceptor {
        override fun <T> interceptContinuation(continuation: Continuation<T>) =
            object : Continuation<T> by continuation {}

        override fun releaseInterceptedContinuation(continuation: Continuation<*>): Unit =
            throw refusal
    }

    @Test
    @Rule(35)
    fun interceptorThatThrowsAtTheRelease_failsTheTask() {
        val refusal = IllegalStateException("not released")
        leaks.open("release").use { scope ->
            val task = scope.task("t", ThrowsAtRelease(refusal)) { 1 }
            assertSame(refusal, task.joinOutcome().exceptionOrNull())
        }
        leaks.takeReports()
    }
}
