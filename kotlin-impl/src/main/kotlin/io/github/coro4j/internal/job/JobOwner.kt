package io.github.coro4j.internal.job

/** The owner of a job: a scope, a group inside a scope, or a body that has started it (R31). */
internal interface JobOwner {
    val scope: JobScope

    /** The group that owns the job, or null if a scope owns it. */
    @get:JvmSynthetic
    val asGroup: Group?
        get() = null

    /** Returns a name for a job without one. A race may call it twice for one job. */
    fun nameOf(job: FutureJob<*>): String

    /** Takes a job that begins now, and that its scope has listed if it lists such jobs. */
    fun started(job: FutureJob<*>) = Unit

    /** Handles the end of a job. Its callbacks have been handed over. */
    fun ended(job: FutureJob<*>)

    /** Handles the end of a job that the scope lists as [Droppable], or does not list. */
    fun left(job: FutureJob<*>) = Unit
}

/** A group, as its children and other groups see it. */
internal interface Group {
    /** Start of the group, by the [CoarseClock]. Its own children count as started then. */
    val startedAt: Long

    /** The object that identifies the group in [SharedFailures]. */
    val attachesAs: Any
}

/** Why a job is cancelled together with others. */
internal enum class OwnerEnd {
    /** The scope was cancelled or closed. This reaches all that lives in it. */
    SCOPE,
    /** The task that has started the job was cancelled. This reaches what its body has started. */
    STARTER,
}
