package io.github.coro4j.interop.kotlin

import io.github.coro4j.ContextPropagator
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R27 for coroutines. */
@Rule(27)
class PropagationTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val held = ThreadLocal<String?>()
    private val threads: ExecutorService = Executors.newFixedThreadPool(2)

    @AfterEach
    fun end() {
        held.remove()
        threads.shutdownNow()
    }

    private fun open(vararg propagators: ContextPropagator): TaskScope {
        val builder =
            TaskScope.builder().name("page").executor(threads).failureListener(leaks.listener())
        propagators.forEach(builder::contextPropagator)
        return leaks.opened(builder.open())
    }

    /** Checks that both threads of the pool hold no value and have no current task. */
    private fun assertNothingStaysBehind() {
        val both = java.util.concurrent.CyclicBarrier(2)
        val found =
            List(2) {
                threads.submit(
                    Callable {
                        both.await()
                        held.get() to Task.current()
                    }
                )
            }
        assertEquals(listOf(null to null, null to null), found.map { it.get() })
    }

    @Test
    fun suspendBody_hasTheContextOfItsStarterAfterEachSuspension() {
        open(ContextPropagator.of(held)).use { scope ->
            held.set("starter")
            val promise = Promise.create<Unit>()
            val seen = CopyOnWriteArrayList<String?>()
            val task =
                scope.task("load") {
                    seen.add(held.get())
                    promise.await()
                    seen.add(held.get())
                    held.set("of the body, until it is suspended")
                    yield()
                    seen.add(held.get())
                    withContext(Dispatchers.IO) { seen.add(held.get()) }
                    coroutineScope { launch { seen.add(held.get()) } }
                    Task.start(Callable { seen.add(held.get()) }).await()
                }
            held.set("changed since")
            promise.complete(Unit)
            task.join()
            assertEquals(List(6) { "starter" }, seen)
        }
        assertNothingStaysBehind()
    }

    @Test
    fun coroutineOfTheScope_hasTheContextOfItsLauncher() =
        runBlocking<Unit> {
            open(ContextPropagator.of(held)).use { scope ->
                val coroutines = scope.asCoroutineScope()
                held.set("first")
                val first = coroutines.async {
                    yield()
                    held.get()
                }
                held.set("second")
                val second = coroutines.async {
                    yield()
                    held.get()
                }
                held.remove()
                assertNull(coroutines.async { held.get() }.await())
                assertEquals(listOf("first", "second"), listOf(first.await(), second.await()))
            }
            assertNothingStaysBehind()
        }

    @Test
    fun taskScopeOfACoroutineScope_propagatesTheContext() =
        runBlocking<Unit> {
            coroutineScope {
                val scope =
                    asTaskScope("page", contextPropagators = listOf(ContextPropagator.of(held)))
                held.set("here")
                val java = scope.start(Callable { held.get() })
                val kotlin =
                    scope.task("k", Dispatchers.Default) {
                        yield()
                        held.get()
                    }
                held.remove()
                assertEquals(listOf("here", "here"), listOf(java.await(), kotlin.await()))
            }
            assertNothingStaysBehind()
        }

    /** kotlinx#4755: `flowOn` with another context restores the thread late, and on any thread. */
    @Test
    fun threads_keepNothingEvenIfKotlinxRestoresLate() {
        open(ContextPropagator.of(held)).use { scope ->
            held.set("starter")
            repeat(200) {
                val task =
                    scope.task("collect") {
                        var count = 0
                        flow { repeat(5) { emit(it) } }
                            .flowOn(kotlinx.coroutines.CoroutineName("up"))
                            .collect {
                                assertEquals("starter", held.get())
                                yield()
                                withContext(Dispatchers.IO) {}
                                assertEquals("starter", held.get())
                                count++
                            }
                        assertTrue(Task.current()?.name() == "collect")
                        count
                    }
                assertEquals(5, task.join())
                held.set("starter")
            }
        }
        held.remove()
        assertNothingStaysBehind()
    }

    @Test
    fun propagatorThatCannotInstall_failsTheTask() {
        val broken = IllegalStateException("broken")
        val propagator =
            object : ContextPropagator {
                override fun capture(): Any? = null

                override fun install(captured: Any?): ContextPropagator.Installed = throw broken
            }
        open(propagator).use { scope ->
            val ran = java.util.concurrent.atomic.AtomicBoolean()
            val task = scope.task("load") { ran.set(true) }
            assertSame(broken, task.joinOutcome().exceptionOrNull())
            assertEquals(false, ran.get())
        }
    }
}
