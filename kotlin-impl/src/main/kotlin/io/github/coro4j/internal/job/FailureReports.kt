package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport

/** Reports a failure that concerns [job], in the [context] of the code that has failed. */
internal fun JobScope.report(
    kind: FailureReport.Kind,
    job: FutureJob<*>,
    exception: Throwable,
    context: FailureContext? = null,
) =
    context.aroundReport(job) {
        report(FailureReport(kind, job.kind, job.name(), exception, job.startedAt()))
    }

/** Reports on a thread of the engine, for callers on whose stack no user code may run. */
internal fun JobScope.reportLater(
    kind: FailureReport.Kind,
    job: FutureJob<*>,
    exception: Throwable,
    context: FailureContext? = null,
) = executeHoldingOpen(engine.pool) { report(kind, job, exception, context) }
