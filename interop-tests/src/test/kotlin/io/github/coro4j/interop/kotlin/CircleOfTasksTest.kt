package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.Suspend
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.cancelAndAwait
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.RepeatedTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** Two tasks that wait for each other, or a task and a coroutine of its own, are a circle. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(25)
class CircleOfTasksTest {
    @RegisterExtension val leaks = NothingLeaks()

    @RepeatedTest(20)
    fun suspendBodiesThatCancelAndAwaitEachOther_areACircle() =
        assertStopEachOther(
            { scope, name, body -> scope.task(name) { body().cancelAndAwait("not you") } },
            { scope, name, body -> scope.task(name) { body().cancelAndAwait("nor you") } },
        )

    @RepeatedTest(20)
    fun suspendBodiesThatCancelAndJoinEachOther_areACircle() =
        assertStopEachOther(
            { scope, name, body -> scope.task(name) { body().cancelAndJoin("not you") } },
            { scope, name, body -> scope.task(name) { body().cancelAndJoin("nor you") } },
        )

    @RepeatedTest(20)
    fun suspendBodyAndJavaBodyThatCancelEachOther_areACircle() =
        assertStopEachOther(
            { scope, name, body -> scope.task(name) { body().cancelAndAwait("not you") } },
            { scope, name, body ->
                scope.start(name, Callable { body().cancelAndJoin("nor you") })
            },
        )

    @RepeatedTest(20)
    fun javaBodiesThatCancelAndJoinEachOther_areACircle() =
        assertStopEachOther(
            { scope, name, body ->
                scope.start(name, Callable { body().cancelAndJoin("not you") })
            },
            { scope, name, body ->
                scope.start(name, Callable { body().cancelAndJoin("nor you") })
            },
        )

    private fun assertStopEachOther(
        first: (TaskScope, String, () -> Future<Any>) -> Task<Any>,
        second: (TaskScope, String, () -> Future<Any>) -> Task<Any>,
    ) {
        leaks.open("each other").use { scope ->
            val given = listOf(Promise.create<Future<Any>>(), Promise.create<Future<Any>>())
            // Each body cancels the other only once both have begun.
            val together = CyclicBarrier(2)
            fun other(index: Int): Future<Any> {
                val other = given[index].join()
                together.await()
                return other
            }
            val one = first(scope, "one") { other(0) }
            val two = second(scope, "two") { other(1) }
            given[0].complete(two)
            given[1].complete(one)
            val ends = listOf(one.joinOutcome(), two.joinOutcome())
            val circles = ends.map { it.exceptionOrNull() }.filterIsInstance<DeadlockException>()
            if (circles.isEmpty()) {
                // The cancel interrupted the first body before it waited, so there was no circle.
                assertTrue(ends.any { it is Outcome.Cancelled }, ends.toString())
                return
            }
            assertTrue(circles[0].message!!.contains("task \"one\""), circles[0].message)
            assertTrue(circles[0].message!!.contains("task \"two\""), circles[0].message)
        }
    }

    @Test
    fun launchedCoroutineThatAwaitsAWaiterOfItsLauncher_isACircle() {
        leaks.open("launched").use { scope ->
            val given = Promise.create<Future<Unit>>()
            val outer = scope.task("outer") { launch { given.await().await() }.let {} }
            val inner = scope.task("inner") { outer.await() }
            given.complete(inner)
            assertCircle(outer, inner)
        }
    }

    @Test
    fun runBlockingOfAFunctionThatAwaitsItsCaller_isACircle() {
        leaks.open("blocked").use { scope ->
            val given = Promise.create<Future<Int>>()
            val caller =
                scope.start(
                    "caller",
                    Callable { Suspend.runBlocking<Int>("callee") { c -> awaitIt(given, c) } },
                )
            given.complete(caller)
            assertCircle(caller)
        }
        // If both close the circle at once, the failure of the function stays unread.
        leaks.takeReports()
    }

    @Test
    fun bodyThatClosesACircle_goesOnAfterTheFunctionThatItCalled() =
        assertEndsBeforeItsCaller { scope, function, goneOn ->
            scope.start(
                "caller",
                Callable {
                    try {
                        Suspend.runBlocking { c -> function.startCoroutineUninterceptedOrReturn(c) }
                    } finally {
                        goneOn()
                    }
                },
            )
        }

    @Test
    fun suspendBodyThatClosesACircle_goesOnAfterTheFutureThatItReturns() =
        assertEndsBeforeItsCaller { scope, function, goneOn ->
            scope.task("caller") {
                try {
                    suspendCoroutineUninterceptedOrReturn { c ->
                        Suspend.returning(c, scope.task("work") { function() })
                    }
                } finally {
                    goneOn()
                }
            }
        }

    /** The function begins on the stack of its caller, so it waits before its caller does. */
    private fun assertEndsBeforeItsCaller(
        start: (TaskScope, suspend () -> Int, goneOn: () -> Unit) -> Task<Int>
    ) {
        val queue = ArrayList<Runnable>()
        val isDirect = AtomicBoolean()
        val trail = ConcurrentLinkedQueue<String>()
        leaks
            .open("circle") { if (isDirect.get()) it.run() else queue.add(it) }
            .use { scope ->
                val given = Promise.create<Future<Int>>()
                val function: suspend () -> Int = {
                    try {
                        given.await().await()
                    } finally {
                        withContext(NonCancellable) { repeat(10_000) { yield() } }
                        trail.add("the function has ended")
                    }
                }
                val caller = start(scope, function) { trail.add("its caller goes on") }
                given.complete(caller)
                isDirect.set(true)
                queue.single().run()
                assertCircle(caller)
            }
        assertEquals(listOf("the function has ended", "its caller goes on"), trail.toList())
    }

    private fun awaitIt(given: Promise<Future<Int>>, c: kotlin.coroutines.Continuation<Int>): Any? {
        val wait: suspend () -> Int = { given.await().await() }
        @Suppress("UNCHECKED_CAST")
        return (wait as (kotlin.coroutines.Continuation<Int>) -> Any?)(c)
    }

    private fun assertCircle(vararg tasks: Task<*>) {
        val ends = tasks.map { it.joinOutcome() }
        assertTrue(
            ends.any { it is Outcome.Failure && it.cause() is DeadlockException },
            ends.toString(),
        )
    }
}
