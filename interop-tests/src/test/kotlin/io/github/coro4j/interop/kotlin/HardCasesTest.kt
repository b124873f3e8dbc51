package io.github.coro4j.interop.kotlin

import io.github.coro4j.ContextPropagator
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
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
