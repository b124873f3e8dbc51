package io.github.coro4j.interop.kotlin

import io.github.coro4j.Promise
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/**
 * R28: the threads that run a suspend body are those of its dispatcher or of the executor of its
 * scope.
 */
class SuspendTaskThreadsTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(25)
    fun suspendBodiesDoNotStarveOnOneThread() {
        Executors.newSingleThreadExecutor().let { one ->
            try {
                leaks.open("one", one).use { scope ->
                    val task =
                        scope.start(
                            "outer",
                            Callable {
                                val promise = Promise.create<Int>()
                                val inner = scope.task("inner") { promise.await() + 1 }
                                val giver = scope.task("giver") { promise.complete(1) }
                                inner.join() + if (giver.join()) 0 else 100
                            },
                        )
                    assertEquals(2, task.join())
                }
            } finally {
                one.shutdownNow()
            }
        }
    }

    @Test
    fun anExecutorThatRefusesMakesTheTaskFail() {
        val refused = RejectedExecutionException("full")
        leaks
            .open("full") { throw refused }
            .use { scope ->
                val ran = AtomicBoolean()
                val task = scope.task("load") { ran.set(true) }
                assertSame(refused, task.joinOutcome().exceptionOrNull())
                assertFalse(ran.get())
            }
    }

    @Test
    @Rule(28)
    fun theNameAndTheContextReachTheBody() {
        leaks.open("page").use { scope ->
            val task =
                scope.task("load", Dispatchers.IO) {
                    currentCoroutineContext()[CoroutineName]?.name
                }
            assertEquals("load", task.join())
        }
    }

    @Test
    @Rule(5)
    fun anInterruptFlagDoesNotReachTheNextTask() {
        val one = Executors.newSingleThreadExecutor()
        try {
            leaks.open("one", one).use { scope ->
                scope.task { Thread.currentThread().interrupt() }.join()
                assertFalse(scope.task { Thread.currentThread().isInterrupted }.join())
                assertFalse(one.submit(Callable { Thread.interrupted() }).get())
            }
        } finally {
            one.shutdownNow()
        }
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
}
