package io.github.coro4j.interop.kotlin

import io.github.coro4j.Gather
import io.github.coro4j.Promise
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/**
 * R28: a finalizer completes a promise of an unreachable gather, in a task scope inside a coroutine
 * scope. The job of the coroutine scope does not wait for the gather while it is unreachable.
 */
class RevivedGatherTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val job: CompletableJob = Job()
    private val outer = CoroutineScope(job).asTaskScope("outer", failureListener = leaks.listener())
    private val finalizing = Gate()
    private val callback = Gate()
    private val callbacks = AtomicInteger()
    private val isCancelled = CompletableFuture<Boolean>()

    enum class Place {
        OUTER,
        INNER,
    }

    private fun scopeOf(place: Place): TaskScope {
        if (place == Place.OUTER) return outer
        return outer.start(Callable { leaks.open("inner") }).join()
    }

    @Rule(28)
    @ParameterizedTest
    @EnumSource
    fun jobWaitsForTheCallbackOfARevivedGather(place: Place) {
        val scope = scopeOf(place)
        dropIn(scope)
        finalizing.open()
        callback.awaitReached()
        // The scope may just be replacing the child that makes the job wait, so there may be two.
        assertTrue(job.children.any())
        job.complete()
        assertFalse(job.isCompleted)
        callback.open()
        runBlocking { job.join() }
        assertEquals(false, isCancelled.join())
        scope.close()
        outer.close()
    }

    @Rule(28)
    @ParameterizedTest
    @EnumSource
    fun gatherRevivedAfterTheJob_isCancelledAndItsCallbackDropped(place: Place) {
        val scope = scopeOf(place)
        dropIn(scope)
        job.complete()
        assertTrue(job.isCompleted)
        callback.open()
        finalizing.open()
        assertEquals(true, isCancelled.join())
        scope.close()
        outer.close()
        assertEquals(0, callbacks.get())
    }

    /** Starts the gather, and returns when its finalizer runs and the job waits for nothing. */
    private fun dropIn(scope: TaskScope) {
        scope.launch { drop() }.join()
        val collecting = thread { finalizing.awaitReached() }
        while (collecting.isAlive) System.gc()
        runBlocking { job.children.toList().joinAll() }
    }

    private fun drop() {
        val promise = Promise.create<String>()
        val all = Gather.of(promise).all()
        all.addDoneCallback {
            callbacks.incrementAndGet()
            callback.pass()
        }
        val shield = all.shield()
        shield.addDoneCallback { callbacks.incrementAndGet() }
        Resource {
            finalizing.passUninterruptibly()
            promise.complete("late")
            isCancelled.complete(shield.joinOutcome().isCancelled())
        }
    }

    /** Runs [release] when it is unreachable. */
    private class Resource(private val release: () -> Unit) {
        protected fun finalize() = release()
    }
}
