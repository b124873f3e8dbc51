package io.github.coro4j.internal.job

import io.github.coro4j.internal.time.CodeRun
import io.github.coro4j.internal.time.ScopeTime

/** A run of bodies on the thread of [state], for a clock that waits until nothing runs. */
internal class BodyRun(val state: ThreadState) : CodeRun

/** Notes the run in [code] if the time is not real. */
internal inline fun ScopeTime.noting(state: ThreadState, code: () -> Unit) {
    val runs = runs ?: return code()
    val run = BodyRun(state)
    runs.add(run)
    try {
        code()
    } finally {
        runs.remove(run)
    }
}
