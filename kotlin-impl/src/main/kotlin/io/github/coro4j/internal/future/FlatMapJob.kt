package io.github.coro4j.internal.future

import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.Droppable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.StartedWork
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WeakJobEntry
import io.github.coro4j.internal.job.isStartedIn
import io.github.coro4j.internal.job.isStillListed
import io.github.coro4j.internal.job.watch
import io.github.coro4j.internal.wait.DeadlockDetector
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * The future of `flatMap`. It runs the function, then follows the future that the function
 * returned.
 */
internal class FlatMapJob<S, T>(
    source: FutureJob<S>,
    function: ThrowingFunction<in S, out Future<out T>>,
) : DerivedJob<S, T>(source, "flatMap", function), Droppable, Follower {
    @Volatile override var following: FutureJob<*>? = null
    @Volatile override var place: WeakJobEntry? = null

    /** What the function has started; null until it has returned, and after the end. */
    @Volatile private var work: StartedWork? = null

    override val functionsWork: StartedWork?
        get() = work ?: started

    override fun given(end: Any?): Given? = givenValue(end)

    @Suppress("UNCHECKED_CAST")
    override fun apply(given: Any?): T {
        setFollowed((function as ThrowingFunction<in S, out Future<out T>>).apply(given as S))
        return null as T
    }

    override fun returned(value: T) {
        // Forgets the thread state, unless the end of the scope has ended this job meanwhile, and
        // stored its end.
        val held = slot
        work = started
        if (held is ThreadState || held is StartedWork) replaceSlot(held, null)
        forgetWork()
        val followed = followed() ?: return
        // Its work is done. From now on only the future that it follows keeps it alive.
        scope.makeDroppable(this)
        // publish, then re-check: pairs with FlatMapJob.leaveOwner, which may have found no place
        if (isCompleted) scope.unlistDroppable(this) else followed.watch(this)
    }

    override fun claimEnd(followed: FutureJob<*>): Boolean =
        FOLLOWING.compareAndSet(this, followed, null)

    override fun endBy(exception: Throwable) = endWith(exception)

    /** Removes this job. It may have left already, or be leaving on another thread. */
    override fun leaveOwner() {
        scope.unlist(this)
        scope.unlistDroppable(this)
        owner.left(this)
    }

    override fun sourceEnded(source: FutureJob<*>) {
        if (phase == NEW) return super.sourceEnded(source)
        val isListed = isStillListed()
        ThreadState.runOrDefer {
            if (claimEnd(source)) if (isListed) followUnlessCancelled(source) else endUnseen()
        }
    }

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        super.deliverCancel(reason, interrupt)
        cancelFollowed(reason, interrupt)
    }

    override fun passOn(followed: FutureJob<*>, reason: String?, interrupt: Boolean) {
        ThreadState.runOrDefer { restoringRequest { followed.requestCancel(reason, interrupt) } }
    }

    override fun ownerEnded(
        by: OwnerEnd,
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ) {
        // While the function runs, nothing is followed yet: [returned] then handles the cancel.
        if (phase == NEW) return super.ownerEnded(by, reason, interrupt, origin)
        if (!markCancelling(reason, origin)) return
        super.deliverCancel(reason, interrupt)
        cancelStarted(reason, interrupt)
        leaveFollowed(origin)
    }

    override val wasInterrupted: Boolean
        get() = isInterruptedAsFollower()

    /** A cancel may come while this job follows another one, long after the function. */
    override val endsAfterLeaving: Boolean
        get() = false

    /** A future that the function has started ends first, unless it follows [starter]. */
    override fun endsBefore(starter: FutureJob<*>): Boolean {
        val job = following ?: return super.endsBefore(starter)
        return !isDone && job.isStartedIn(functionsWork) && !DeadlockDetector.leadsTo(job, starter)
    }

    override fun eachSource(visit: (FutureJob<*>) -> Unit) {
        super.eachSource(visit)
        following?.let(visit)
    }

    override val endedProgress: Progress
        get() = if (following == null) Progress.ENDING else Progress.PENDING

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        following = null
        work = null
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (!visitFollowed(visit)) super.dependencies(visit)
    }

    private companion object {
        // JobState explains the reflection.
        val FOLLOWING =
            AtomicReferenceFieldUpdater.newUpdater(
                FlatMapJob::class.java,
                FutureJob::class.java,
                "following",
            )
    }
}
