package io.github.coro4j.interop.kotlin

import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/**
 * Once the job of a coroutine scope has completed, no body and no coroutine begins in its task
 * scopes.
 */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(28)
class NothingAfterTheJobTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    fun noBodyBeginsOnceTheJobHasCompleted() = race { scope, begun ->
        scope.start(Callable { begun() })
    }

    @Test
    fun noBodyBeginsOnceTheJobIsCancelledAndHasEnded() =
        race(end = { it.cancel() }) { scope, begun -> scope.start(Callable { begun() }) }

    @Test
    fun noSuspendBodyBeginsOnceTheJobHasCompleted() = race { scope, begun ->
        scope.task(context = Dispatchers.Default) { begun() }
    }

    @Test
    fun noChildOfAGroupBeginsOnceTheJobHasCompleted() = race { scope, begun ->
        scope.gather(listOf(1, 2)) { begun() }.settled()
    }

    @Test
    fun noScopeOpensOnceTheJobHasCompleted() = race { scope, begun ->
        scope.asTaskScopeInside().use { it.start(Callable { begun() }).joinOutcome() }
    }

    /** A task opens an inner scope, which is still open after the end of that task. */
    @Test
    fun noBodyBeginsInAnInnerScopeOnceTheJobHasCompleted() {
        val inner = HashMap<TaskScope, TaskScope>()
        race { scope, begun ->
            inner.computeIfAbsent(scope) { it.asTaskScopeInside() }.start(Callable { begun() })
        }
        inner.values.forEach { it.close() }
    }

    /** The scope cancels the coroutine before it begins. */
    @Test
    fun noCoroutineBeginsOnceTheJobHasCompleted() {
        repeat(ROUNDS) {
            val job = Job()
            val scope = CoroutineScope(job).asTaskScope(failureListener = leaks.listener())
            val coroutines = scope.asCoroutineScope()
            job.complete()
            val begun = AtomicInteger()
            coroutines.launch(start = CoroutineStart.DEFAULT) { begun.incrementAndGet() }
            scope.close()
            assertEquals(0, begun.get())
        }
    }

    @Test
    fun noCoroutineBeginsOnceTheJobHasCompletedMeanwhile() = race { scope, begun ->
        scope.asCoroutineScope().launch { begun() }
    }

    @Test
    fun noCoroutineBeginsOnceTheJobIsCancelledAndHasEnded() =
        race(end = { it.cancel() }) { scope, begun ->
            scope.asCoroutineScope().async(Dispatchers.Default) { begun() }
        }

    @Test
    fun noCoroutineOfAnInnerScopeBeginsOnceTheJobHasCompleted() {
        val inner = HashMap<TaskScope, CoroutineScope>()
        val opened = ArrayList<TaskScope>()
        race { scope, begun ->
            inner
                .computeIfAbsent(scope) {
                    it.asTaskScopeInside().also(opened::add).asCoroutineScope()
                }
                .launch { begun() }
        }
        opened.forEach { it.close() }
    }

    @ParameterizedTest
    @EnumSource(CoroutineStart::class)
    fun theJobWaitsForACoroutine(start: CoroutineStart) {
        val job = Job()
        val scope = CoroutineScope(job).asTaskScope(failureListener = leaks.listener())
        val coroutines = scope.asCoroutineScope()
        repeat(3) {
            val gate = CompletableDeferred<Unit>()
            val launched = coroutines.launch(start = start) { gate.await() }
            assertEquals(1, job.children.count())
            launched.start()
            gate.complete(Unit)
            runBlocking {
                launched.join()
                job.children.toList().joinAll()
            }
            assertEquals(0, job.children.count())
        }
        val last = coroutines.launch(start = start) { awaitCancellation() }
        job.complete()
        assertFalse(job.isCompleted)
        last.cancel()
        runBlocking { job.join() }
        scope.close()
    }

    /** The job in the context behaves like any other parent. */
    @Test
    fun jobInTheContext_isTheParentOfTheCoroutines() {
        val job = Job()
        val scope = CoroutineScope(job).asTaskScope(failureListener = leaks.listener())
        val coroutines = scope.asCoroutineScope()
        val context = coroutines.coroutineContext
        val parent = context.job
        assertSame(parent, (EmptyCoroutineContext + context)[Job])
        assertSame(parent, (CoroutineName("a name") + context)[Job])
        assertSame(parent, (context + CoroutineName("a name"))[Job])
        assertSame(parent, (parent + CoroutineName("a name"))[Job])
        assertNull(context.minusKey(Job)[Job])
        val launched = coroutines.launch { awaitCancellation() }
        assertEquals(listOf<Job>(launched), parent.children.toList())
        @OptIn(ExperimentalCoroutinesApi::class) assertSame(parent, launched.parent)
        assertTrue(coroutines.isActive)
        coroutines.cancel("enough")
        runBlocking { launched.join() }
        assertTrue(launched.isCancelled)
        assertFalse(coroutines.isActive)
        scope.close()
        job.complete()
    }

    /**
     * A flow compares the job in its collector's context with the parents of the coroutines that
     * emit.
     */
    @Test
    fun flow_runsInACoroutineThatHasTheJobItself() {
        val job = Job()
        val scope = CoroutineScope(job).asTaskScope(failureListener = leaks.listener())
        val context = scope.asCoroutineScope().coroutineContext
        val first = CompletableFuture<Result<Int>>()
        val collect = suspend { flow { coroutineScope { emit(1) } }.first() }
        collect.startCoroutine(Continuation(context) { first.complete(it) })
        assertEquals(1, first.get().getOrThrow())
        scope.close()
        job.complete()
    }

    @Test
    fun startAfterTheEnd_isRefused() {
        val job = Job()
        val scope = CoroutineScope(job).asTaskScope(failureListener = leaks.listener())
        job.complete()
        val refusal =
            assertThrows(IllegalStateException::class.java) { scope.start(Callable { 1 }) }
        assertTrue(refusal.message!!.contains("is closed"), refusal.message)
        scope.close()
    }

    private fun TaskScope.asTaskScopeInside(): TaskScope =
        start(
                Callable {
                    TaskScope.builder().name("inner").failureListener(leaks.listener()).open()
                }
            )
            .join()

    /** Starts work until it is refused or cancelled, while the job ends. */
    private fun race(
        end: (CompletableJob) -> Unit = { it.complete() },
        start: (TaskScope, begun: () -> Unit) -> Any?,
    ) {
        var late = 0
        repeat(ROUNDS) {
            val job = Job()
            val scope = CoroutineScope(job).asTaskScope(failureListener = leaks.listener())
            val lateHere = AtomicInteger()
            val hasStarted = CountDownLatch(1)
            var hasEnded = false
            val lock = Any()
            val starting = thread {
                try {
                    repeat(STARTS) {
                        start(scope) {
                            if (synchronized(lock) { hasEnded }) lateHere.incrementAndGet()
                        }
                        hasStarted.countDown()
                    }
                } catch (e: RuntimeException) {
                    // The scope has refused or cancelled the start.
                } finally {
                    hasStarted.countDown()
                }
            }
            hasStarted.await()
            end(job)
            runBlocking { job.join() }
            synchronized(lock) { hasEnded = true }
            starting.join()
            scope.close()
            late += lateHere.get()
        }
        assertEquals(0, late, "bodies that began after the job had ended")
    }

    private companion object {
        const val ROUNDS = 100
        const val STARTS = 30
    }
}
