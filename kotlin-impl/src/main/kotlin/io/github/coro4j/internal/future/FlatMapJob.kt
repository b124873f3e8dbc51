package io.github.coro4j.internal.future

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.Droppable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WeakJobEntry
import io.github.coro4j.internal.job.isStillListed
import io.github.coro4j.internal.job.jobOf
import io.github.coro4j.internal.job.unwatch
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
) : DerivedJob<S, T>(source, "flatMap", function), Droppable {
    /**
     * The future that the function returned; null once a thread has claimed the end of this job.
     */
    @Volatile @JvmField internal var following: FutureJob<*>? = null
    @Volatile override var place: WeakJobEntry? = null

    override fun given(end: Any?): Given? = givenValue(end)

    @Suppress("UNCHECKED_CAST")
    override fun apply(given: Any?): T {
        val returned: Future<out T>? =
            (function as ThrowingFunction<in S, out Future<out T>>).apply(given as S)
        requireArgument(returned, "the future returned by the function of ${toLabel()}") {
            "return Future.completed(null) for a future of null"
        }
        following = jobOf<T>(returned!!) { "the result of the function of ${toLabel()}" }
        return null as T
    }

    override fun returned(value: T) {
        // Forgets the thread state, unless the end of the scope has ended this job meanwhile, and
        // stored its end.
        val held = slot
        if (held is ThreadState) replaceSlot(held, null)
        forgetWork()
        // This is null if the end of the scope has ended this job meanwhile.
        val job = following ?: return
        // publish, then re-check: pairs with FlatMapJob.deliverCancel and FlatMapJob.scopeEnded,
        // which may have seen no `following`
        if (isCancelled) {
            val cause = getCancellationException() as? TaskCancelledException
            if (wasRequested) passOn(job, cause?.reason(), isInterruptRequested)
            else if (leaves(job, cause)) return
        }
        // publish, then re-check: pairs with FlatMapJob.returned of another flatMap. A job that
        // follows a future which itself waits for the job would never end.
        if (DeadlockDetector.leadsTo(job, this)) {
            if (!claim(job)) return
            return endWith(
                DeadlockException(
                    "${toLabel()} cannot end as ${job.toLabel()} does, which itself waits for ${toLabel()}; " +
                        "return another future from the function. See docs/errors.md#deadlock",
                    listOf(name(), job.name()),
                )
            )
        }
        // Its work is done. From now on only the future that it follows keeps it alive.
        scope.makeDroppable(this)
        // publish, then re-check: pairs with FlatMapJob.leaveOwner, which may have found no place
        if (isCompleted) scope.unlistDroppable(this) else job.watch(this)
    }

    /** Claims the end of this job. Returns true for one caller only. */
    private fun claim(job: FutureJob<*>): Boolean = FOLLOWING.compareAndSet(this, job, null)

    /** Removes this job. It may have left already, or be leaving on another thread. */
    override fun leaveOwner() {
        scope.unlist(this)
        scope.unlistDroppable(this)
    }

    override fun sourceEnded(source: FutureJob<*>) {
        if (phase == NEW) return super.sourceEnded(source)
        val isListed = isStillListed()
        ThreadState.runOrDefer {
            if (claim(source)) if (isListed) followUnlessCancelled(source) else endUnseen()
        }
    }

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        super.deliverCancel(reason, interrupt)
        if (phase == ENDED) following?.let { passOn(it, reason, interrupt) }
    }

    private fun passOn(job: FutureJob<*>, reason: String?, interrupt: Boolean) {
        ThreadState.runOrDefer { restoringRequest { job.requestCancel(reason, interrupt) } }
    }

    override fun scopeEnded(reason: String?, origin: TaskCancelledException?) {
        // While the function runs, nothing is followed yet: [returned] then handles the cancel.
        if (phase == NEW) return super.scopeEnded(reason, origin)
        if (!markCancelling(reason, origin)) return
        super.deliverCancel(reason, interrupt = true)
        if (phase == ENDED) following?.let { if (leaves(it, origin)) it.unwatch(this) }
    }

    /**
     * Handles the end of the scope. If [job] lives there, this cancels it and returns false. If
     * not, this ends the following job now, leaves [job] alone, and returns true.
     */
    private fun leaves(job: FutureJob<*>, cause: TaskCancelledException?): Boolean {
        if (job.livesIn(scope)) {
            ThreadState.runOrDefer { job.scopeEnded(cause?.reason(), cause) }
            return false
        }
        if (claim(job)) endWith(getCancellationException())
        return true
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        following = null
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        val job = following
        if (job == null || phase != ENDED) return super.dependencies(visit)
        // The end of the scope has ended this job, or is about to, and it follows no longer.
        if (isCancelled && !wasRequested && !job.livesIn(scope)) return
        visit(job)
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
