package io.github.coro4j.test

import io.github.coro4j.Future
import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
import io.github.coro4j.spi.EngineScope
import java.util.Objects
import java.util.concurrent.TimeoutException
import org.opentest4j.AssertionFailedError

/**
 * Assertions about the end of a future. They do not wait: a future that is still pending fails
 * them. They read the outcome, so the scope does not report that failure. For other libraries of
 * assertions, `future.outcome()` is a record with an `equals`.
 *
 * Each throws an `AssertionFailedError` of JUnit, whose message has the outcome and, in the debug
 * mode, the place where the work was started.
 */
public object Coro4jAssertions {
    /** Asserts that [future] has succeeded with [value], by `equals`. */
    @JvmStatic
    public fun <T> assertSucceeded(future: Future<T>, value: T) {
        val outcome = ended(future, "succeed with $value")
        if (outcome is Outcome.Success && Objects.equals(outcome.value(), value)) return
        if (outcome is Outcome.Success)
            throw AssertionFailedError(
                message(future, "succeed with $value", outcome),
                value,
                outcome.value(),
            )
        throw wrong(future, "succeed with $value", outcome)
    }

    /** Asserts that [future] has succeeded, and returns the value. */
    @JvmStatic
    public fun <T> assertSucceeded(future: Future<T>): T {
        val outcome = ended(future, "succeed")
        if (outcome is Outcome.Success) return outcome.value()
        throw wrong(future, "succeed", outcome)
    }

    /** Asserts that [future] has failed with an exception of [type], and returns the exception. */
    @JvmStatic
    public fun <X : Throwable> assertFailed(future: Future<*>, type: Class<X>): X {
        val expected = "fail with ${type.name}"
        val outcome = ended(future, expected)
        if (outcome is Outcome.Failure && type.isInstance(outcome.exception()))
            return type.cast(outcome.exception())
        throw wrong(future, expected, outcome)
    }

    /** Asserts that [future] was cancelled for [reason]. */
    @JvmStatic
    public fun assertCancelled(future: Future<*>, reason: String) {
        val expected = "be cancelled for \"$reason\""
        val outcome = ended(future, expected)
        val found =
            ((outcome as? Outcome.Cancelled)?.cancellation() as? TaskCancelledException)?.reason()
        if (found != reason) throw wrong(future, expected, outcome)
    }

    /** Asserts that [future] was cancelled, for whatever reason. */
    @JvmStatic
    public fun assertCancelled(future: Future<*>) {
        val outcome = ended(future, "be cancelled")
        if (outcome !is Outcome.Cancelled) throw wrong(future, "be cancelled", outcome)
    }

    /**
     * Asserts that [future] has failed with a `TimeoutException`, and returns it. The task under
     * `orTimeout`, and what a deadline ends, was cancelled: use [assertCancelled] for those.
     */
    @JvmStatic
    public fun assertTimedOut(future: Future<*>): TimeoutException {
        val outcome = ended(future, "time out")
        val exception = (outcome as? Outcome.Failure)?.exception()
        if (exception is TimeoutException) return exception
        if (outcome !is Outcome.Cancelled) throw wrong(future, "time out", outcome)
        throw AssertionFailedError(
            message(future, "time out", outcome) +
                ". The future of orTimeout has timed out. Its task, and what a deadline ends, was " +
                "cancelled: use assertCancelled for those",
            outcome.cancellation(),
        )
    }

    /** Asserts that [future] has not ended. */
    @JvmStatic
    public fun assertPending(future: Future<*>) {
        if (!future.isDone) return
        throw wrong(future, "be pending", future.outcome())
    }

    private fun <T> ended(future: Future<T>, expected: String): Outcome<T> {
        if (future.isDone) return future.outcome()
        throw AssertionFailedError(
            message(future, expected, null) +
                ". Advance the time before the assertion: call advanceBy on the test thread, or delay in runCoro4jTest"
        )
    }

    private fun wrong(future: Future<*>, expected: String, outcome: Outcome<*>) =
        AssertionFailedError(
            message(future, expected, outcome),
            (outcome as? Outcome.Failure)?.exception()
                ?: (outcome as? Outcome.Cancelled)?.cancellation(),
        )

    private fun message(future: Future<*>, expected: String, outcome: Outcome<*>?): String {
        val found = if (outcome == null) "it is still pending" else "its outcome is $outcome"
        val place =
            (TaskScope.global() as EngineScope).ownEngine().startedAt(future)?.let {
                ". It was started at $it"
            }
        return "$future should $expected, but $found${place ?: ""}"
    }
}
