package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame

/** Asks a question in a suspend body, for the tests of dispatchers and executors that refuse it. */
abstract class Asking {
    protected val full = RejectedExecutionException("full")

    /** The answer for which [ask] suspends. [hasCleanedUp] says whether its clean-up has run. */
    protected val answer = Promise.create<Int>()
    protected val hasCleanedUp = AtomicBoolean()

    protected suspend fun ask(): Int =
        try {
            answer.await()
        } finally {
            withContext(NonCancellable) {
                yield()
                hasCleanedUp.set(true)
            }
        }

    protected fun assertFull(task: Task<*>, expected: Throwable = full) {
        val end = assertInstanceOf(Outcome.Failure::class.java, task.joinOutcome(), "$task")
        assertSame(expected, end.exception)
        assertEquals(0, expected.suppressed.size, "the shared exception has suppressed exceptions")
    }
}
