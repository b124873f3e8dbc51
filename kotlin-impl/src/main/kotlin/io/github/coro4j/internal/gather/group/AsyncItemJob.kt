package io.github.coro4j.internal.gather.group

import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.future.Follower
import io.github.coro4j.internal.future.cancelFollowed
import io.github.coro4j.internal.future.followed
import io.github.coro4j.internal.future.isInterruptedAsFollower
import io.github.coro4j.internal.future.leaveFollowed
import io.github.coro4j.internal.future.setFollowed
import io.github.coro4j.internal.future.visitFollowed
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.StartedWork
import io.github.coro4j.internal.job.TaskListeners
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.watch
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * A child whose function starts asynchronous work. The child runs the function on the scope's
 * executor. Then it holds no thread, and ends as the future ends that the function returned.
 */
internal class AsyncItemJob<T>(
    source: BodiesSource<T>,
    body: ItemBody<T>,
    index: Int,
    item: Any,
) : ItemJob<T>(source, body, index, item), Follower {
    @Volatile override var following: FutureJob<*>? = null

    /** What the function has started; null until it has returned, and after the end. */
    @Volatile private var work: StartedWork? = null

    override val functionsWork: StartedWork?
        get() = work ?: started

    /** True once the function has returned a future. Written while the function's body runs. */
    private var hasFollowed = false

    /** Makes this child follow what its function has [returned]. */
    fun follow(returned: Future<out T>?) {
        setFollowed(returned)
        hasFollowed = true
    }

    override fun returned(value: T) {
        // Forgets the thread state, unless the end of the scope has ended this job meanwhile, and
        // stored its end.
        val held = slot
        work = started
        if (held is ThreadState || held is StartedWork) replaceSlot(held, null)
        followed()?.watch(this)
    }

    override fun claimEnd(followed: FutureJob<*>): Boolean =
        FOLLOWING.compareAndSet(this, followed, null)

    override fun endBy(exception: Throwable) = endWith(exception)

    override fun sourceEnded(source: FutureJob<*>) =
        ThreadState.runOrDefer(scope) { if (claimEnd(source)) followUnlessCancelled(source) }

    // ---- cancelling

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
        // A child that has not begun follows nothing, so this ends it.
        if (phase == NEW) return super.ownerEnded(by, reason, interrupt, origin)
        if (!markCancelling(reason, origin)) return
        super.deliverCancel(reason, interrupt)
        cancelStarted(reason, interrupt)
        leaveFollowed(origin)
    }

    override val wasInterrupted: Boolean
        get() = isInterruptedAsFollower()

    /** A cancel may come while this child follows a future, long after the function. */
    override val endsAfterLeaving: Boolean
        get() = false

    // ---- the end

    /** Reports nothing if the child follows a future, because its end comes later. */
    override fun bodyEnded(listeners: TaskListeners) =
        if (hasFollowed) scope.release() else super.bodyEnded(listeners)

    override fun afterCompletion(state: Any?) {
        if (!hasFollowed) return super.afterCompletion(state)
        following = null
        work = null
        body.runEnds()
        val listeners = listeners ?: return super.afterCompletion(state)
        listeners.ending()
        try {
            super.afterCompletion(state)
        } finally {
            listeners.ended(this)
        }
    }

    // ---- look

    override val endedProgress: Progress
        get() = if (following == null) Progress.ENDING else Progress.PENDING

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (!visitFollowed(visit)) super.dependencies(visit)
    }

    private companion object {
        // JobState explains the reflection.
        val FOLLOWING =
            AtomicReferenceFieldUpdater.newUpdater(
                AsyncItemJob::class.java,
                FutureJob::class.java,
                "following",
            )
    }
}
