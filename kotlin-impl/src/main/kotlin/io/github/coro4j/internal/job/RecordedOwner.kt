package io.github.coro4j.internal.job

import io.github.coro4j.internal.base.CallSite
import io.github.coro4j.internal.base.DebugMode

/**
 * An [owner] of one job that also holds where the job was started. It exists only in the debug
 * mode, so that the place costs no field of a job, and is reachable only from the job.
 */
internal class RecordedOwner(@JvmField val owner: JobOwner) : JobOwner by owner {
    /** The place; null once the job has ended, unless it is part of a test with its own time. */
    @Volatile
    var site: CallSite? = CallSite()
        private set

    override fun ended(job: FutureJob<*>) {
        forgetSite()
        owner.ended(job)
    }

    override fun left(job: FutureJob<*>) {
        forgetSite()
        owner.left(job)
    }

    private fun forgetSite() {
        if (scope.time.isReal) site = null
    }
}

/** Returns this owner, in the debug mode with the place of the call that is under way. */
internal fun JobOwner.recordingSite(): JobOwner = if (DebugMode.isOn) RecordedOwner(this) else this

/** The place of the call that began the job of this owner; null outside the debug mode. */
internal val JobOwner.site: CallSite?
    get() = if (DebugMode.isOn) (this as? RecordedOwner)?.site else null

/** This owner as the place of a job that a body has started, or null. */
internal val JobOwner.startedPlace: StartedPlace?
    get() = (if (this is RecordedOwner) owner else this) as? StartedPlace

/** The place where this job, or its group, was started; null outside the debug mode. */
internal val FutureJob<*>.site: CallSite?
    get() = owner.site ?: (owner.asGroup as? FutureJob<*>)?.owner?.site

/** Returns the user's frame that started this job, or null if it is not known. */
internal fun FutureJob<*>.startedAt(): String? = site?.frame()

/** Returns text for the end of a message about this job, or an empty text. */
internal fun FutureJob<*>.startedAtText(): String =
    startedAt()?.let { "; the $kind was started at $it" } ?: ""
