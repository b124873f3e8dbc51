package io.github.coro4j.test

import io.github.coro4j.FailureReport
import io.github.coro4j.TaskScope
import org.opentest4j.AssertionFailedError

/** Finds what a test has left behind. */
internal object LeakCheck {
    fun throwIfAny(scope: TestScope) {
        val left = scope.stepper.unended().map { "${it.label()} ${it.doing()}" }
        val timers = scope.timers().map { "a timer of $it" }
        val found = left + timers + scope.failures().map(::textOf)
        if (found.isEmpty()) return
        throw failure(
            "the test has left work or failures behind in ${labelOf(scope.viewed())}:\n" +
                found.joinToString("\n") { "- $it" } +
                "\nEnd or cancel the work, close each scope, and read each failure, before the test " +
                "ends. Under @Coro4jTest, @AllowLeaks(\"reason\") switches this check off.\n" +
                scope.dump()
        )
    }

    /** Throws if one of [reports], which came when the scope was closed, tells of a failure. */
    fun throwIfReported(scope: TaskScope, reports: List<FailureReport>) {
        if (reports.isEmpty()) return
        val error =
            failure(
                "failures of ${labelOf(scope)} were not read:\n" +
                    reports.joinToString("\n") { "- ${textOf(it)}" } +
                    "\nRead each of them with assertFailed(future, Type.class), join() or outcome()."
            )
        reports.forEach { error.addSuppressed(it.exception()) }
        throw error
    }

    /** Throws if one of [scopes], which are inside no other, is still open. */
    fun throwIfOpen(scopes: List<TaskScope>) {
        val open = scopes.filter { it.isOpen() }
        if (open.isEmpty()) return
        throw failure(
            "the test has left scopes open: ${open.joinToString { labelOf(it) }}. Close each scope " +
                "that the test opens.\n" +
                open.joinToString("") { it.dump() }
        )
    }

    private fun textOf(report: FailureReport) = "$report"
}

internal fun failure(message: String): AssertionFailedError = AssertionFailedError(message)
