package io.github.coro4j.internal.job

/** The progress of a body, or of a job without a body. */
internal enum class Progress(val json: String) {
    PENDING("pending"),
    /** A child of a group with a concurrency limit, before its turn. */
    WITHOUT_PERMIT("withoutPermit"),
    QUEUED("queued"),
    RUNNING("running"),
    /** A coroutine that is on no thread. */
    SUSPENDED("suspended"),
    ENDING("ending"),
    /** An ended job. A dump shows only groups in this state, if some of their children run on. */
    ENDED("ended"),
}

internal fun progressOf(job: FutureJob<*>): Progress =
    when {
        job.isCompleted -> Progress.ENDED
        job is UserCodeJob<*> -> job.progress
        else -> Progress.PENDING
    }
