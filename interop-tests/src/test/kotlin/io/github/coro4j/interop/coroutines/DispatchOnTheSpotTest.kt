package io.github.coro4j.interop.coroutines

import io.github.coro4j.Task
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.NothingLeaks
import java.util.concurrent.Callable
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/**
 * R34: an executor that runs what it is given on the spot leaves nothing on the thread. If it ran a
 * coroutine inside the coroutine's own suspension, kotlinx.coroutines would not restore the thread.
 */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DispatchOnTheSpotTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    fun r34_nothingIsLeftOnTheThreadThatResumes() {
        val local = ThreadLocal<String>()
        onTheSpot(yields = 100, local)
        assertNull(local.get())
        assertNull(Task.current())
    }

    /**
     * A thread that seems to be inside a task puts its work off, and the next would do the same.
     */
    @Test
    fun r34_theThreadsOfThePoolStayFree() {
        onTheSpot(yields = 10_000, ThreadLocal())
        leaks.open("after").use { scope ->
            val tasks = List(200) { scope.start("t$it", Callable { Task.current()?.name() }) }
            assertEquals(List(200) { "t$it" }, tasks.map { it.join() })
        }
    }

    private fun onTheSpot(yields: Int, local: ThreadLocal<String>) {
        leaks.open("on the spot", Executor { it.run() }).use { scope ->
            lateinit var suspended: Continuation<Unit>
            val task =
                scope.task("yields") {
                    withContext(NonCancellable + local.asContextElement("of the task")) {
                        suspendCancellableCoroutine { suspended = it }
                        repeat(yields) { yield() }
                    }
                }
            suspended.resume(Unit)
            task.join()
        }
    }
}
