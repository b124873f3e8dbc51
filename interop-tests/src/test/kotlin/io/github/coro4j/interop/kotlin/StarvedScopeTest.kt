package io.github.coro4j.interop.kotlin

import io.github.coro4j.DeadlockException
import io.github.coro4j.Outcome
import io.github.coro4j.Task
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
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

    @Test
    fun bodyOfTheTaskScopeThatJoinsTheTaskAroundIt_failsWithDeadlock() {
        leaks.open("outer").use { outer ->
            lateinit var waiter: Task<Int>
            val around: Task<Int> =
                outer.task(context = Dispatchers.Default) {
                    coroutineScope {
                        val me = Task.current() as Task<*>
                        waiter = asTaskScope("inner").start(Callable { me.join() as Int })
                        1
                    }
                }
            assertEquals(1, around.join())
            val end = waiter.joinOutcome()
            assertTrue(end is Outcome.Failure && end.cause() is DeadlockException, end.toString())
        }
        leaks.takeReports() // the inner scope may have closed before this test has read the failure
    }
}
