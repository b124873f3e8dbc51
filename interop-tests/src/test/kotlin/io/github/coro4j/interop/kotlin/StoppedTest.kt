package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.interop.testing.SlowCleanUp
import java.io.IOException
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** How a cancel in Kotlin ends work in Java, and a cancel in Java ends work in Kotlin. */
class StoppedTest {
    @RegisterExtension val leaks = NothingLeaks()

    /** The coroutine is in the queue behind the body that waits for its end. */
    @Test
    @Rule(25)
    fun bodyThatClosesAScope_doesNotStarveTheCoroutinesInIt() {
        val one = Executors.newSingleThreadExecutor()
        val outer = TaskScope.builder().name("outer").executor(one).open()
        try {
            val closer =
                outer.launch("closer") {
                    TaskScope.open("inner").use { inner ->
                        inner.asCoroutineScope().launch { awaitCancellation() }
                    }
                }
            closer.get(30, TimeUnit.SECONDS)
        } finally {
            outer.close()
            one.shutdown()
        }
    }

    @Test
    @Rule(28)
    fun cancelledCoroutineScope_waitsForTheCleanUpOfTheTasks() =
        runBlocking<Unit> {
            val gate = Gate()
            val cleanUp = Gate()
            val isClean = AtomicBoolean()
            val wasClean = AtomicBoolean()
            val view = CoroutineScope(Dispatchers.Default)
            val coroutine = view.launch {
                coroutineScope {
                    val scope =
                        leaks.opened(asTaskScope("page", failureListener = leaks.listener()))
                    scope.launch("load", SlowCleanUp(gate, cleanUp).then { isClean.set(true) })
                }
            }
            coroutine.invokeOnCompletion { wasClean.set(isClean.get()) }
            gate.awaitReached()
            view.cancel("the screen is gone")
            cleanUp.awaitReached()
            assertFalse(coroutine.isCompleted)
            cleanUp.open()
            coroutine.join()
            assertTrue(wasClean.get())
        }

    @Test
    @Rule(17)
    fun exceptionAfterUnrequestedCancellation_isSuppressed() {
        leaks.open("page").use { scope ->
            val unrequested = CancellationException("unrequested")
            val boo = IOException("boo")
            val task = scope.task {
                launch(start = CoroutineStart.UNDISPATCHED) {
                    try {
                        awaitCancellation()
                    } finally {
                        throw boo
                    }
                }
                throw unrequested
            }
            val end = task.joinOutcome() as Outcome.Failure
            assertSame(unrequested, end.exception())
            assertEquals(listOf<Throwable>(boo), unrequested.suppressed.toList())
        }
    }

    @Test
    @Rule(29)
    fun reasonAfterAFailureOfTheCaller_namesNoClassOfThisLibrary() {
        leaks.open("page").use { scope ->
            val promise = Promise.create<String>()
            val task = scope.task {
                val fails = CompletableDeferred<Unit>()
                launch {
                    fails.await()
                    throw IOException("boo")
                }
                fails.complete(Unit)
                JavaUsers(promise).load(1)
            }
            assertTrue(task.joinOutcome().exceptionOrNull() is IOException)
            val end = promise.outcome() as Outcome.Cancelled
            assertEquals(
                "the coroutine that called it failed: java.io.IOException",
                (end.cancellation as TaskCancelledException).reason(),
            )
        }
    }

    /** Either the scope refuses, or a coroutine that is launched there does not begin. */
    @Test
    @Rule(23)
    fun coroutineScopeRequestedDuringAClose_isCancelled() =
        runBlocking<Unit> {
            repeat(2_000) { round ->
                val scope = leaks.open("page $round")
                val together = CyclicBarrier(2)
                val closer = thread {
                    together.await()
                    scope.close()
                }
                together.await()
                val coroutines =
                    try {
                        scope.asCoroutineScope()
                    } catch (e: IllegalStateException) {
                        null // refused
                    }
                closer.join()
                val began = AtomicBoolean()
                coroutines?.launch { began.set(true) }?.join()
                assertFalse(began.get())
            }
        }

    @Test
    @Rule(4)
    fun workInsideABody_isCancelledIfACoroutineOfTheBodyFails() {
        leaks.open("page").use { scope ->
            val begun = Gate()
            lateinit var child: Task<*>
            val original = IOException("not for everybody")
            val task =
                scope.task<Unit>("load") {
                    launch(Dispatchers.IO) {
                        begun.pass()
                        throw original
                    }
                    TaskScope.run<Unit>("inner") { inner ->
                        child = inner.launch("child") { Gate().also { begun.open() }.pass() }
                        child.join()
                    }
                }
            assertSame(original, task.joinOutcome().exceptionOrNull())
            val end = child.joinOutcome() as Outcome.Cancelled
            assertEquals(
                "the coroutine that called it failed: java.io.IOException",
                (end.cancellation as TaskCancelledException).reason(),
            )
        }
    }
}
