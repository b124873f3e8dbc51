package io.github.coro4j.interop.jobs

import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.gatherSuspending
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** The job of docs/jobs.md with suspend functions, from Kotlin. */
class SuspendJobKotlinTest {
    @JvmField @RegisterExtension val leaks = NothingLeaks()

    private val stopButton = StopButton()
    private val users = HoldingUsers()

    @Test
    @Rule(22, 31)
    fun suspendFunctionsAreStopped() {
        val ids = 1..6
        leaks.open("app").use { scope ->
            // region 8. Suspend functions for a list of items
            val page =
                scope.task("page") {
                    scope.gatherSuspending(ids) { users.load(it) }.concurrency(2).failFast().await()
                }
            stopButton.onClick { page.cancel("the user has left") }
            // endregion
            users.awaitHeld(2)
            stopButton.click()
            assertTrue(page.joinOutcome().isCancelled)
            assertEquals(listOf(3, 4), users.stopped())
        }
        assertEquals(4, users.calls())
    }
}
