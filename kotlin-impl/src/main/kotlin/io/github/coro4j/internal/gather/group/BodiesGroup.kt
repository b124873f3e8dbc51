package io.github.coro4j.internal.gather.group

import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.JobScope
import java.util.concurrent.atomic.AtomicInteger

/** The scope and the body of children that a group starts. */
internal class Bodies<T>(val scope: JobScope, val body: ThrowingFunction<Any, T>)

/**
 * The future of a group that starts its own children. It owns them, so it need not watch them: each
 * child reports its end to this owner, which counts. The scope lists only this group, until its
 * last child has ended.
 */
internal abstract class BodiesGroup<T, R>(
    bodies: Bodies<T>,
    policy: Policy<T, R>,
    settings: GroupSettings,
    expected: Int,
) : GroupJob<T, R>(bodies.scope, policy, settings), JobOwner {
    final override val scope: JobScope
        get() = super<GroupJob>.scope

    @Volatile private var body: ThrowingFunction<Any, T>? = bodies.body

    /** Number of running bodies; null unless there is a progress listener. */
    private val running: AtomicInteger? = settings.progress?.let { AtomicInteger() }

    /**
     * Number of expected ends, plus one for the group itself. At one the group ends, at zero it
     * leaves its scope.
     */
    private val remaining = AtomicInteger(expected + 1)

    final override val hasBodies: Boolean
        get() = true

    override fun nameOf(job: FutureJob<*>): String = "${name()}[${(job as ItemJob<*>).index}]"

    fun apply(item: Any, child: ItemJob<T>): T {
        if (running == null) return inContext(child) { body!!.apply(item) }
        running.incrementAndGet()
        try {
            return inContext(child) { body!!.apply(item) }
        } finally {
            running.decrementAndGet()
        }
    }

    final override fun countRunning(done: Long): Long = running!!.get().toLong()

    /** Adds one expected end. Call it only while another end is expected. */
    protected fun expect() {
        remaining.incrementAndGet()
    }

    /** Counts [count] expected ends. */
    fun countEnded(count: Int) {
        when (remaining.addAndGet(-count)) {
            1 -> finish() // does nothing if the group has failed, and waits here for its last child
            0 -> {
                scope.ended(this)
                // Code that keeps the value must not keep what the bodies captured.
                body = null
                forgetContext()
                forgetChildren()
            }
        }
    }

    override fun leaveOwner() {
        // A failed group keeps only the children that a cancel must still reach, and no values.
        if (remaining.get() > 1) forgetEnded()
        countEnded(1)
    }

    /** Releases the children that have ended, after the end of the group. */
    protected open fun forgetEnded() = Unit

    /** Releases all children, after the end of the group and of all children. */
    protected abstract fun forgetChildren()

    /** Visits what a child without a permit waits for. */
    open fun holdersOfPermits(visit: (Awaitable) -> Unit) = Unit

    override fun addTo(jobs: MutableList<FutureJob<*>>) {
        super.addTo(jobs)
        for (child in reachable) if (!child.isCompleted) jobs.add(child)
    }
}

/** Starts all children at once, and hands over each of them. */
internal class EagerGroup<T, R>(
    bodies: Bodies<T>,
    items: Array<Any?>,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : BodiesGroup<T, R>(bodies, policy, settings, expected = items.size) {
    @Volatile
    private var tasks =
        Array<ItemJob<T>?>(items.size) { ItemJob(this, it, items[it]!!).apply { queueUnshared() } }

    /** The members. Ended members stay only if the policy needs them. */
    override val members: List<FutureJob<T>>
        get() =
            @Suppress("UNCHECKED_CAST")
            if (keepsMembers) tasks.asList() as List<FutureJob<T>> else tasks.filterNotNull()

    override val size: Int = items.size

    override fun forgetEnded() {
        if (keepsMembers) tasks = tasks.filterNot { it!!.isCompleted }.toTypedArray()
    }

    override fun forgetChildren() {
        tasks = emptyArray()
    }

    fun begin(): JobHandle<R> {
        scope.list(this, "gather")
        if (tasks.isEmpty()) finish() else for (task in tasks) if (!isStopping) task?.submit()
        startTimer()
        return handle()
    }

    override fun ended(job: FutureJob<*>) {
        @Suppress("UNCHECKED_CAST") val child = job as ItemJob<T>
        try {
            memberEnded(child)
        } finally {
            if (!keepsMembers) tasks[child.index] = null
            countEnded(1)
        }
    }
}
