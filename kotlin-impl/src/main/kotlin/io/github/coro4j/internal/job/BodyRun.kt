package io.github.coro4j.internal.job

import io.github.coro4j.internal.time.CodeRun
import io.github.coro4j.internal.time.ScopeTime

/** A run of user code on the thread of [state], for a clock that waits until nothing runs. */
internal class BodyRun(val state: ThreadState) : CodeRun

/** Notes the run in [code] if the time is not real. */
internal inline fun ScopeTime.noting(state: ThreadState, code: () -> Unit) {
    val run = noteRun(state) ?: return code()
    try {
        code()
    } finally {
        forgetRun(run)
    }
}

internal fun ScopeTime.forgetRun(run: CodeRun) {
    val work = work ?: return
    work.runs.remove(run)
    work.changed()
}

/** Notes a run on the thread of [state], if the time is not real. The caller removes it. */
internal fun ScopeTime.noteRun(state: ThreadState): CodeRun? {
    val work = work ?: return null
    work.changed()
    return BodyRun(state).also(work.runs::add)
}
