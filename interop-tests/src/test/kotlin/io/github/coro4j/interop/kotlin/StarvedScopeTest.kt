package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Outcome
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asFuture
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** A coroutine scope that waits for a task scope inside it follows the rules of any other wait. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(25)
class StarvedScopeTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val single = Executors.newSingleThreadExecutor()

    @AfterEach fun shutDown() = single.shutdown()

    private suspend fun sumInATaskScope(): Int = coroutineScope {
        val inner = leaks.opened(asTaskScope("inner"))
        val task = inner.start(Callable { 1 })
        inner.start(Callable { task.join() + 1 })
        inner.start(Callable { 2 })
        41
    }

    @Test
    fun threadThatWaitsForTheCoroutine_runsTheBodiesOfTheTaskScope() {
        leaks.open("outer", single).use { outer ->
            val waiting =
                outer.start(
                    Callable {
                        outer.task(context = Dispatchers.Default) { sumInATaskScope() }.join()
                    }
                )
            assertEquals(41, waiting.join())
        }
    }

    // The only thread of the executor waits, so it cannot run the coroutine.
    @Test
    fun coroutineAwaitedAsAFuture_runsElsewhere() {
        leaks.open("outer", single).use { outer ->
            val coroutines = outer.asCoroutineScope()
            val waiting = outer.start(Callable { coroutines.async { 41 }.asFuture().join() })
            assertEquals(41, waiting.join())
        }
    }

    // It has begun before the wait, and needs a thread to end on.
    @Test
    fun cancelledCoroutineAwaitedAsAFuture_runsElsewhere() {
        leaks.open("outer", single).use { outer ->
            val coroutines = outer.asCoroutineScope()
            val waiting =
                outer.start(
                    Callable {
                        val begun =
                            coroutines.async(start = CoroutineStart.UNDISPATCHED) {
                                awaitCancellation()
                            }
                        val future = begun.asFuture()
                        future.cancel("too late")
                        Task.nonCancellable<Outcome<Nothing>> { future.joinOutcome() }
                    }
                )
            assertTrue(waiting.join().isCancelled)
        }
    }

    @Test
    fun bodyOfTheTaskScopeThatJoinsTheTaskAroundIt_failsWithDeadlock() {
        leaks.open("outer").use { outer ->
            lateinit var waiter: Task<DeadlockException>
            val around: Task<Int> =
                outer.task(context = Dispatchers.Default) {
                    coroutineScope {
                        val me = Task.current() as Task<*>
                        val joinsItsStarter = Callable {
                            assertThrows(DeadlockException::class.java) { me.join() }
                        }
                        waiter = asTaskScope("inner").start(joinsItsStarter)
                        1
                    }
                }
            assertEquals(1, around.join())
            assertEquals(listOf("task-1", "task-1", "inner"), waiter.join().circle())
        }
    }
}
