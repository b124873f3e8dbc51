@file:OptIn(ExperimentalCoroutinesApi::class) // Before 1.9, limitedParallelism is experimental.

package io.github.coro4j.interop.kotlin

import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** R35: a body that limits the parallelism of its own dispatcher gets a view of that dispatcher. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitedViewTest : Asking() {
    @RegisterExtension val leaks = NothingLeaks()

    /** Accepts the given number of parts, and throws for each later part. */
    private inner class Full(accepts: Int) : CoroutineDispatcher() {
        private val left = AtomicInteger(accepts)

        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (left.decrementAndGet() < 0) throw full
            Dispatchers.Default.dispatch(context, block)
        }
    }

    private fun CoroutineScope.dispatcher() =
        coroutineContext[ContinuationInterceptor] as CoroutineDispatcher

    @Test
    @Rule(35)
    fun viewOfADispatcherThatThrows_failsTheTask() =
        leaks.open("view").use { scope ->
            val task =
                scope.task("ask", Full(1)) {
                    withContext(dispatcher().limitedParallelism(1)) { ask() }
                }
            answer.complete(1)
            assertFull(task)
        }

    @Test
    @Rule(35)
    fun view_printsAsTheViewOfTheUsersDispatcher() =
        leaks.open("view").use { scope ->
            val own = Full(9)
            val task = scope.task("view", own) { "${dispatcher().limitedParallelism(2)}" }
            // Before 1.9, it prints as its class and hash code.
            val expected = "${own.limitedParallelism(2)}".substringBefore('@')
            assertEquals(expected, task.join().substringBefore('@'))
        }

    /** Before kotlinx.coroutines 1.9, a view has no name. The call by reflection compiles there. */
    @Test
    @Tag("newest")
    @Rule(35)
    fun namedView_isGuardedAndPrintsItsName() =
        leaks.open("view").use { scope ->
            val named =
                CoroutineDispatcher::class
                    .java
                    .getMethod(
                        "limitedParallelism",
                        Int::class.javaPrimitiveType,
                        String::class.java,
                    )
            val task =
                scope.task("ask", Full(1)) {
                    val view = named.invoke(dispatcher(), 1, "narrow") as CoroutineDispatcher
                    assertEquals("narrow", "$view")
                    withContext(view) { ask() }
                }
            answer.complete(1)
            assertFull(task)
        }
}
