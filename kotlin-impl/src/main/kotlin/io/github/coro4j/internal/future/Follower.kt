package io.github.coro4j.internal.future

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobBits.PHASE_MASK
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.StartedWork
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.isStartedIn
import io.github.coro4j.internal.job.jobOf
import io.github.coro4j.internal.job.startedPlace
import io.github.coro4j.internal.job.unwatch
import io.github.coro4j.internal.wait.DeadlockDetector
import io.github.coro4j.spi.BuildInfo.seeError

/**
 * A [BodyJob] whose function returns a future. The job owns that future, follows it once the
 * function has returned, and ends as it does.
 *
 * A cancel of the job reaches the followed future. The end of the job's scope reaches it only if it
 * lives in that scope (R20), and a cancel of the task that has started the job reaches it only if
 * the function has started it (R31). If the followed future is out of reach, the job ends at once.
 */
internal interface Follower {
    /**
     * The future that the function returned; null before that, and once a thread has claimed the
     * end of this job.
     */
    var following: FutureJob<*>?

    /** What the function has started, or null. */
    val functionsWork: StartedWork?

    /** Claims the end of this job. Returns true for one caller only. */
    fun claimEnd(followed: FutureJob<*>): Boolean

    /** Ends this job with [exception], after [claimEnd]. */
    fun endBy(exception: Throwable)

    /** Passes a request to cancel on to [followed]. */
    fun passOn(followed: FutureJob<*>, reason: String?, interrupt: Boolean)
}

private val FutureJob<*>.hasReturned: Boolean
    get() = bits and PHASE_MASK == ENDED

/** Makes this job follow what its function has [returned]. Call it inside the function's body. */
internal fun <J> J.setFollowed(returned: Future<*>?) where J : BodyJob<*>, J : Follower {
    requireArgument(returned, "the future returned by the function of ${toLabel()}") {
        "return Future.completed(null) for a future of null"
    }
    following = jobOf<Any?>(returned!!) { "the result of the function of ${toLabel()}" }
}

/**
 * Returns the future that this job must watch, because its function has returned. Returns null if
 * the end of the scope has ended this job, or this call has.
 */
internal fun <J> J.followed(): FutureJob<*>? where J : BodyJob<*>, J : Follower {
    // This is null if the end of the scope has ended this job meanwhile.
    val followed = following ?: return null
    // publish, then re-check: pairs with cancelFollowed and leaveFollowed, which may have seen no
    // `following`
    if (isCancelled) {
        val cause = getCancellationException() as? TaskCancelledException
        if (wasRequested) passOn(followed, cause?.reason(), isInterruptRequested)
        else if (leaves(followed, cause)) return null
    }
    // publish, then re-check: pairs with this call of another job. A job that follows a future
    // which itself waits for the job would never end.
    if (!DeadlockDetector.leadsTo(followed, this)) return followed
    if (claimEnd(followed)) endBy(if (isCancelled) getCancellationException() else circle(followed))
    return null
}

private fun FutureJob<*>.circle(followed: FutureJob<*>) =
    DeadlockException(
        "${toLabel()} cannot end as ${followed.toLabel()} does, which itself waits for ${toLabel()}; " +
            "return another future from the function. ${seeError("deadlock")}",
        listOf(name(), followed.name()),
    )

/** Passes a cancel of this job on to what it follows. While the function runs, [followed] does. */
internal fun <J> J.cancelFollowed(reason: String?, interrupt: Boolean)
    where J : BodyJob<*>, J : Follower {
    if (hasReturned) following?.let { passOn(it, reason, interrupt) }
}

/** Handles the end of the owner of this job for what the job follows. See [followed]. */
internal fun <J> J.leaveFollowed(origin: TaskCancelledException?)
    where J : BodyJob<*>, J : Follower {
    if (hasReturned) following?.let { if (leaves(it, origin)) it.unwatch(this) }
}

/**
 * Handles the end of the owner. If that reaches [followed], this cancels it and returns false. If
 * not, this ends the following job now, leaves [followed] alone, and returns true.
 */
private fun <J> J.leaves(followed: FutureJob<*>, cause: TaskCancelledException?): Boolean
    where J : BodyJob<*>, J : Follower {
    if (!reaches(followed)) {
        if (claimEnd(followed)) endBy(getCancellationException())
        return true
    }
    val by = if (scope.isEnding) OwnerEnd.SCOPE else OwnerEnd.STARTER
    val interrupts = by == OwnerEnd.SCOPE || starterInterrupts()
    ThreadState.runOrDefer { followed.ownerEnded(by, cause?.reason(), interrupts, cause) }
    return false
}

private fun <J> J.reaches(followed: FutureJob<*>): Boolean where J : BodyJob<*>, J : Follower =
    if (scope.isEnding) followed.livesIn(scope) else followed.isStartedIn(functionsWork)

/**
 * Returns whether the cancel of this job interrupts. A cancel by the owner is not noted in the bits
 * of the job, so this asks the owner.
 */
internal fun FutureJob<*>.isInterruptedAsFollower(): Boolean =
    if (wasRequested) isInterruptRequested else scope.isEnding || starterInterrupts()

/** Returns whether the cancel of the task that has started this job interrupts. */
private fun FutureJob<*>.starterInterrupts() = owner.startedPlace?.work?.isInterrupted != false

/** Visits what this job follows. Returns false if its function has not returned. */
internal fun <J> J.visitFollowed(visit: (Awaitable) -> Unit): Boolean
    where J : BodyJob<*>, J : Follower {
    val followed = following
    if (followed == null || !hasReturned) return false
    // The end of its owner has ended this job, or is about to, and it follows no longer.
    val isLeft = isCancelled && !wasRequested && !reaches(followed)
    if (!isLeft) visit(followed)
    return true
}
