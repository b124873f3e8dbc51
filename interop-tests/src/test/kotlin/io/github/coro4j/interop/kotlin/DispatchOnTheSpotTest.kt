package io.github.coro4j.interop.kotlin

import io.github.coro4j.Task
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/**
 * An executor that runs a part on the caller's stack leaves no context on the thread. If it ran a
 * coroutine inside the coroutine's own suspension, kotlinx.coroutines would not restore the thread.
 */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(34)
class DispatchOnTheSpotTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val onTheSpot = Executor { it.run() }

    enum class Yields(val yieldOnce: suspend () -> Unit) {
        PLAINLY({ yield() }),
        IN_A_SCOPE({ coroutineScope { yield() } }),
        IN_A_SUPERVISOR({ supervisorScope { yield() } }),
        WITH_A_TIMEOUT({ withTimeout(60_000) { yield() } }),
        IN_SCOPES({ coroutineScope { supervisorScope { yield() } } }),
        TWICE({
            yield()
            coroutineScope { yield() }
        }),
    }

    @ParameterizedTest
    @EnumSource
    fun directExecutor_leavesNothingOnTheResumingThread(yields: Yields) {
        val local = ThreadLocal<String>()
        leaks.open("on the spot", onTheSpot).use { scope ->
            val suspended = AtomicReference<Continuation<Unit>>()
            val task = scope.task("yields") { yieldWith(local, suspended) { yields.yieldOnce() } }
            suspended.get().resume(Unit)
            assertNull(local.get())
            assertNull(Task.current())
            task.join()
        }
    }

    @ParameterizedTest
    @EnumSource
    fun directDispatcher_leavesNothingOnTheResumingThread(yields: Yields) {
        val local = ThreadLocal<String>()
        leaks.open("by dispatcher").use { scope ->
            val suspended = AtomicReference<Continuation<Unit>>()
            val task =
                scope.task("yields", onTheSpot.asCoroutineDispatcher()) {
                    yieldWith(local, suspended) { repeat(20) { yields.yieldOnce() } }
                }
            suspended.get().resume(Unit)
            assertNull(local.get())
            assertNull(Task.current())
            task.join()
        }
    }

    private suspend fun yieldWith(
        local: ThreadLocal<String>,
        suspended: AtomicReference<Continuation<Unit>>,
        yields: suspend () -> Unit,
    ) {
        withContext(NonCancellable + local.asContextElement("of the task")) {
            suspendCancellableCoroutine(suspended::set)
            yields()
        }
    }

    /** The executor runs each coroutine inside the other coroutine, above its own part. */
    @Test
    fun executorThatDrainsItsQueueOnTheSpot_leavesNothingOnTheResumingThread() {
        val queue = ArrayDeque<Runnable>()
        var isHolding = false
        val draining = Executor {
            queue.add(it)
            while (!isHolding) (queue.removeFirstOrNull() ?: break).run()
        }
        val locals = List(2) { ThreadLocal<String>() }
        leaks.open("draining", draining).use { scope ->
            val suspended = List(2) { AtomicReference<Continuation<Unit>>() }
            val tasks =
                List(2) {
                    scope.task("yields $it") {
                        yieldWith(locals[it], suspended[it]) { repeat(3) { yield() } }
                    }
                }
            isHolding = true
            suspended[0].get().resume(Unit)
            isHolding = false
            suspended[1].get().resume(Unit)
            assertEquals(listOf(null, null), locals.map { it.get() })
            assertNull(Task.current())
            tasks.forEach { it.join() }
        }
    }

    /** Models the executor of a user interface. */
    @Test
    fun executorThatIsDirectOnItsOwnThread_keepsACoroutineThere() {
        val threads = Executors.newSingleThreadExecutor { Thread(it, "only") }
        val only = Executor {
            if (Thread.currentThread().name.startsWith("only")) it.run() else threads.execute(it)
        }
        val seen = ConcurrentLinkedQueue<String>()
        leaks.open("only", only).use { scope ->
            val task =
                scope.task("yields") {
                    repeat(5) {
                        seen.add(Thread.currentThread().name.substringBefore(' '))
                        coroutineScope { yield() }
                    }
                }
            task.join()
        }
        threads.shutdown()
        threads.awaitTermination(1, TimeUnit.MINUTES)
        assertEquals(List(5) { "only" }, seen.toList())
    }

    /**
     * A thread that seems to be inside a task postpones its work, so later bodies would never run.
     */
    @Test
    fun threadsOfThePool_stayFree() {
        leaks.open("on the spot", onTheSpot).use { scope ->
            val suspended = AtomicReference<Continuation<Unit>>()
            val task =
                scope.task("yields") {
                    yieldWith(ThreadLocal(), suspended) { repeat(10_000) { yield() } }
                }
            suspended.get().resume(Unit)
            task.join()
        }
        assertThreadsAreFree()
    }

    /** The engine does not guard a dispatcher that only a `withContext` names. */
    @Test
    fun threadsWhoseBodiesResumedACoroutine_stayFree() {
        val dispatcher = onTheSpot.asCoroutineDispatcher()
        leaks.open("by dispatcher").use { scope ->
            repeat(100) {
                val suspended = AtomicReference<Continuation<Unit>>()
                val task =
                    scope.task("yields") {
                        withContext(dispatcher) {
                            withContext(CoroutineName("inner")) {
                                suspendCancellableCoroutine(suspended::set)
                                yield()
                            }
                        }
                    }
                while (suspended.get() == null || "suspended" !in task.toString()) Thread
                    .onSpinWait()
                scope.start("resumes", Callable { suspended.get().resume(Unit) }).join()
            }
        }
        assertThreadsAreFree()
    }

    private fun assertThreadsAreFree() {
        leaks.open("after").use { scope ->
            val tasks = List(200) { scope.start("t$it", Callable { Task.current()?.name() }) }
            assertEquals(List(200) { "t$it" }, tasks.map { it.join() })
        }
    }
}
