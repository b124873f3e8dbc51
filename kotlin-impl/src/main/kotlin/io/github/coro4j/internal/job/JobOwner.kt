package io.github.coro4j.internal.job

/** The owner of a job: a scope, or a group inside a scope. */
internal interface JobOwner {
    val scope: JobScope

    /** The group that owns the job, or null if a scope owns it. */
    @get:JvmSynthetic
    val asGroup: Group?
        get() = null

    /** Returns a name for a job without one. A race may call it twice for one job. */
    fun nameOf(job: FutureJob<*>): String

    /** Handles the end of a job. Its callbacks have been handed over. */
    fun ended(job: FutureJob<*>)
}

/** A group, as its children and other groups see it. */
internal interface Group {
    /** Start of the group, by the [CoarseClock]. Its own children count as started then. */
    val startedAt: Long

    /** The object that identifies the group in [SharedFailures]. */
    val attachesAs: Any
}
