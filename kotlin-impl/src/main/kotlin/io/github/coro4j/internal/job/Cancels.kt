package io.github.coro4j.internal.job

import io.github.coro4j.internal.base.forEachDespiteErrors
import java.util.concurrent.CancellationException

/** Cancels of several jobs at once. */
internal object Cancels {
    /**
     * Makes all jobs cancelling before it stops any. So no job begins because another one has
     * stopped, and no group mistakes the cancel of a child together with the group for a failure.
     */
    fun cancelAll(
        jobs: Iterable<FutureJob<*>>,
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ) {
        markAllCancelling(jobs, reason, origin)
        jobs.iterator().forEachDespiteErrors { it.requestCancel(reason, interrupt, origin) }
    }

    fun markAllCancelling(
        jobs: Iterable<FutureJob<*>>,
        reason: String?,
        origin: CancellationException?,
    ) {
        jobs.iterator().forEachDespiteErrors {
            if (it.isMarkedFirst) it.markCancelling(reason, origin)
        }
        jobs.iterator().forEachDespiteErrors { it.markCancelling(reason, origin) }
    }
}
