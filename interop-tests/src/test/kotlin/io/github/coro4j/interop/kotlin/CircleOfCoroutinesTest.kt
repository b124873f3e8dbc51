package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.Suspend
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asFlow
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.cancelAndAwait
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.TimeUnit
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.RepeatedTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** A circle of waits is an error and not a hang, for every way in which a coroutine can wait. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(25)
class CircleOfCoroutinesTest {
    @RegisterExtension val leaks = NothingLeaks()

    // ---- a task that waits for itself

    @Test fun selfCancelAndAwait_isACircle() = assertSelf { it.cancelAndAwait("stop myself") }

    @Test fun selfCancelAndJoin_isACircle() = assertSelf { it.cancelAndJoin("stop myself") }

    @Test
    fun selfCancelAndAwaitInALaunchedCoroutine_isACircle() = assertSelf {
        coroutineScope { launch { it.cancelAndAwait("stop my parent") } }
    }

    @Test
    fun selfAwaitInALaunchedCoroutine_isACircle() = assertSelf {
        coroutineScope { launch(Dispatchers.Default) { it.await() } }
    }

    @Test
    fun selfJoinInALaunchedCoroutine_isACircle() = assertSelf {
        coroutineScope { launch { it.join() } }
    }

    @Test
    fun selfAwaitInAnotherContext_isACircle() = assertSelf {
        withContext(Dispatchers.Default) { it.await() }
    }

    @Test
    fun selfAwaitWithoutCancellation_isACircle() = assertSelf {
        withContext(NonCancellable) { it.await() }
    }

    @Test
    fun selfAwaitWithoutCancellationAfterACancel_isACircle() = assertSelf {
        it.cancel("stop")
        withContext(NonCancellable) { it.await() }
    }

    @Test
    fun selfAwaitWithoutCancellationInsideATimeout_isACircle() = assertSelf {
        withTimeoutOrNull(1) { withContext(NonCancellable) { it.await() } }
    }

    private fun assertSelf(wait: suspend (Future<Unit>) -> Any?) {
        leaks.open("self").use { scope ->
            val given = Promise.create<Future<Unit>>()
            val task = scope.task("me") { wait(given.await()).let {} }
            given.complete(task)
            val end = assertInstanceOf(Outcome.Failure::class.java, task.joinOutcome())
            val circle = assertInstanceOf(DeadlockException::class.java, end.cause())
            assertTrue(circle.message!!.contains("task \"me\" -> task \"me\""), circle.message)
        }
    }

    // ---- clean-up

    @RepeatedTest(5)
    fun flowWhoseBodyClosesTheScopeOfItsCollector_ends() {
        leaks.open("bodies").use { bodies ->
            val collecting = leaks.open("collecting")
            val closing =
                bodies.gather(listOf(1)) {
                    collecting.close()
                    it
                }
            val collector = collecting.task("collector") { closing.asFlow().collect {} }
            assertEnds(collector)
            collecting.close()
        }
        leaks.takeReports()
    }

    @RepeatedTest(5)
    fun returningWhoseFutureClosesTheScopeOfItsCaller_ends() {
        leaks.open("bodies").use { bodies ->
            val calling = leaks.open("calling")
            val caller =
                calling.task("caller") {
                    suspendCoroutineUninterceptedOrReturn<Int> { c ->
                        val work =
                            bodies.start(
                                "closes",
                                Callable {
                                    calling.close()
                                    1
                                },
                            )
                        Suspend.returning(c, work)
                    }
                }
            assertEnds(caller)
            calling.close()
        }
        leaks.takeReports()
    }

    private fun assertEnds(task: Task<*>) {
        val end = task.joinOutcome()
        assertTrue(end !is Outcome.Success, end.toString())
    }

    // ---- coroutines that are not tasks

    @Test
    fun coroutinesOfAScopeThatAwaitEachOther_areACircle() {
        leaks.open("coroutines").use { scope ->
            val coroutines = scope.asCoroutineScope()
            val given = CompletableDeferred<Future<Int>>()
            val first = coroutines.async { given.await().await() }.asFuture()
            val second = coroutines.async { first.await() }.asFuture()
            given.complete(second)
            val ends = listOf(first, second).map { it.joinOutcome() }
            assertTrue(
                ends.any { it.exceptionOrNull() is DeadlockException },
                ends.toString(),
            )
        }
    }

    @Test
    fun coroutineThatAwaitsABodyThatClosesItsScope_isACircle() {
        leaks.open("outer").use { outer ->
            val scope = leaks.open("coroutines")
            val given = Promise.create<Future<Unit>>()
            val begun = Gate()
            val coroutine =
                scope.asCoroutineScope().async {
                    withContext(NonCancellable) {
                        begun.open()
                        given.await().await()
                    }
                }
            begun.pass() // a close would cancel a coroutine that has not begun
            val closing = outer.task("closing") { scope.close() }
            given.complete(closing)
            val ends = listOf(coroutine.asFuture().joinOutcome(), closing.joinOutcome())
            assertTrue(
                ends.any { it.exceptionOrNull() is DeadlockException },
                ends.toString(),
            )
            scope.close()
        }
    }

    // ---- bodies on one stack

    @Test
    fun bodyOnTheStackOfACoroutineThatItJoins_isACircle() {
        leaks.open("on the spot", Runnable::run).use { scope ->
            val given = Promise.create<Future<Unit>>()
            var inner: Task<Unit>? = null
            val outer =
                scope.task("outer") {
                    val me = given.await()
                    inner = scope.start("inner", Callable { me.join() })
                }
            given.complete(outer)
            outer.joinOutcome()
            val end = assertInstanceOf(Outcome.Failure::class.java, inner!!.joinOutcome())
            assertInstanceOf(DeadlockException::class.java, end.cause())
        }
    }

    // ---- no circle

    @Test
    fun detachedCoroutine_mayAwaitTheTaskThatLaunchedIt() {
        leaks.open("detached").use { scope ->
            val seen = CompletableDeferred<Int>()
            val given = Promise.create<Future<Int>>()
            val task =
                scope.task("launches") {
                    val me = given.await()
                    CoroutineScope(coroutineContext + Job()).launch(
                        start = CoroutineStart.UNDISPATCHED
                    ) {
                        seen.complete(me.await())
                    }
                    1
                }
            given.complete(task)
            assertEquals(1, seen.asFuture().join())
        }
    }

    @Test
    fun detachedCoroutine_mayJoinTheTaskThatLaunchedIt() {
        leaks.open("detached").use { scope ->
            val seen = CompletableDeferred<Int>()
            val given = Promise.create<Future<Int>>()
            val task =
                scope.task("launches") {
                    val me = given.await()
                    CoroutineScope(coroutineContext + Job()).launch { seen.complete(me.join()) }
                    1
                }
            given.complete(task)
            assertEquals(1, seen.asFuture().join())
        }
    }

    @Test
    fun timeoutOfKotlin_endsASelfAwait() {
        leaks.open("timeout").use { scope ->
            val given = Promise.create<Future<Int>>()
            val task =
                scope.task("me") {
                    val me = given.await()
                    withTimeoutOrNull(1) { me.await() } ?: 2
                }
            given.complete(task)
            assertEquals(2, task.join())
        }
    }

    @Test
    fun coroutineThatBeginsOnTheStackOfABody_mayAwaitThatBody() {
        leaks.open("bodies").use { bodies ->
            leaks.open("on the spot", Runnable::run).use { scope ->
                val given = Promise.create<Future<Task<Int>>>()
                val body =
                    bodies.start(
                        "body",
                        Callable {
                            val me = given.join()
                            scope.task("waits") { (me as Future<*>).await() as Any }
                        },
                    )
                @Suppress("UNCHECKED_CAST") given.complete(body as Future<Task<Int>>)
                assertEquals(body.join() as Any, (body.join() as Task<*>).join())
            }
        }
    }
}
