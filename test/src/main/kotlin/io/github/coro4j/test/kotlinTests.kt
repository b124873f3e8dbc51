@file:JvmName("KotlinTests")

package io.github.coro4j.test

import io.github.coro4j.coroutines.task
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import kotlinx.coroutines.test.TestCoroutineScheduler

/**
 * The scheduler of kotlinx-coroutines-test that shows the time of this scope, always the same. Give
 * it to code that takes a test dispatcher: `StandardTestDispatcher(scope.testScheduler)`. If either
 * is advanced, the other follows. Needs kotlinx-coroutines-test on the class path.
 *
 * `runTest` does not wait for bodies that run on other threads. So call [TestScope.awaitIdle] in it
 * after you have started some, or use [runCoro4jTest] instead.
 */
public val TestScope.testScheduler: TestCoroutineScheduler
    get() = scheduler.scheduler

/**
 * Runs a test with virtual time. [body] is a task of a [TestScope], and the time advances by itself
 * whenever every body waits: so `delay(30.seconds)` in [body] takes no real time, and everything
 * that is due within those 30 seconds has happened when it returns. Unlike `runTest` of
 * kotlinx-coroutines-test, it waits for bodies that run on other threads, blocking ones too.
 *
 * ```
 * @Test
 * fun givesUpAfterThirtySeconds() = runCoro4jTest {
 *     val receipt = Checkout(this, neverAnswers).pay() // uses orTimeout(30 s)
 *     delay(29.seconds)
 *     assertPending(receipt)
 *     delay(1.seconds)
 *     assertTimedOut(receipt)
 * }
 * ```
 *
 * The calling thread waits, and runs no part of [body]. At the end it checks for leaks like
 * [TestScope.assertNoLeaks], and closes the scope.
 *
 * @param guard how long to wait for bodies that are not idle, in real time; see
 *   [TestScope.Builder.guard]
 * @throws AssertionError if a body is not idle within [guard], if [body] waits and no body runs and
 *   no timer is left, after a million timers, or if something was left behind
 * @throws Throwable what [body] throws
 */
public fun runCoro4jTest(guard: Duration = 5.seconds, body: suspend TestScope.() -> Unit) {
    val scope = TestScope.builder().guard(guard.toJavaDuration()).open()
    closingAfter(scope, allowsLeaks = false) {
        scope.runInside {
            val main = scope.task("test") { scope.body() }
            if (!scope.runUntil(main::isDone))
                throw failure(
                    "the test waits, but no body runs and no timer is left. Coro4j does not see work " +
                        "of other threads: start it as a task, or replace it in the test.\n" +
                        scope.dump()
                )
            main.outcome().exceptionOrNull()?.let { throw it }
        }
    }
}
