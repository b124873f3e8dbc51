package io.github.coro4j.interop.kotlin

import io.github.coro4j.Task
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** R35: a task on an interceptor that is not a dispatcher, and may throw. */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterceptorTest : Asking() {
    @RegisterExtension val leaks = NothingLeaks()

    private class Interceptor(private val failsAt: (Int) -> Throwable?) :
        AbstractCoroutineContextElement(ContinuationInterceptor), ContinuationInterceptor {
        private val resumed = AtomicInteger()

        override fun <T> interceptContinuation(continuation: Continuation<T>): Continuation<T> =
            object : Continuation<T> {
                override val context = continuation.context

                override fun resumeWith(result: Result<T>) {
                    failsAt(resumed.incrementAndGet())?.let { throw it }
                    continuation.resumeWith(result)
                }
            }
    }

    @ParameterizedTest
    @ValueSource(ints = [1, 2])
    @Rule(35)
    fun anInterceptorThatThrowsFailsTheTask(failsAt: Int) =
        leaks.open("interceptor").use { scope ->
            val task =
                scope.task("ask", Interceptor { n -> full.takeIf { n >= failsAt } }) { ask() }
            answer.complete(1)
            assertFull(task)
        }

    @Test
    @Rule(28)
    fun bodyOnAnInterceptor_hasTheCurrentTask() =
        leaks.open("interceptor").use { scope ->
            val task = scope.task("ask", Interceptor { null }) { ask().let { Task.current() } }
            answer.complete(1)
            assertSame(task, task.join())
        }

    private class ThrowsAtRelease(private val refusal: RuntimeException) :
        AbstractCoroutineContextElement(ContinuationInterceptor), ContinuationInterceptor {
        override fun <T> interceptContinuation(continuation: Continuation<T>) =
            object : Continuation<T> by continuation {}

        override fun releaseInterceptedContinuation(continuation: Continuation<*>): Unit =
            throw refusal
    }

    @Test
    @Rule(35)
    fun interceptorThatThrowsAtTheRelease_failsTheTask() {
        val refusal = IllegalStateException("not released")
        leaks.open("release").use { scope ->
            val task = scope.task("t", ThrowsAtRelease(refusal)) { 1 }
            assertSame(refusal, task.joinOutcome().exceptionOrNull())
        }
        leaks.takeReports()
    }
}
