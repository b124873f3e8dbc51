package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.job.FutureJob

/**
 * A group that makes its children one after the other. Before its turn a child is only an item. As
 * long as more children may come, the group counts one more expected end; see [endOfItems].
 *
 * The lock guards the fields of this class. No user code runs under it, and no child ends.
 */
internal abstract class IncrementalGroup<T, R>(
    bodies: Bodies<T>,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : BodiesGroup<T, R>(bodies, policy, settings, expected = 1) {
    protected val lock = Any()

    /**
     * The jobs that were made and have not ended, the latest first. The list runs through the jobs
     * themselves, which are in no other list, because the scope lists only the group.
     */
    private var latest: FutureJob<*>? = null

    /** All children that were made, in order; empty if the policy does not need them. */
    private val kept = ArrayList<ItemJob<T>>()
    private var count = 0
    private var isAtEnd = false

    override val members: List<FutureJob<T>>
        get() = synchronized(lock) { ArrayList(kept) }

    override val reachable: List<FutureJob<*>>
        get() {
            val jobs = ArrayList<FutureJob<*>>()
            synchronized(lock) {
                var job = latest
                while (job != null) {
                    jobs.add(job)
                    job = job.next
                }
            }
            jobs.reverse()
            return jobs
        }

    /** Number of children that were made. */
    protected val made: Int
        get() = synchronized(lock) { count }

    /** Makes the next child. Returns null if there must not be another one. */
    protected fun make(item: Any): ItemJob<T>? =
        synchronized(lock) {
            if (isAtEnd) return null
            val child = ItemJob(this, count++, item)
            if (keepsMembers) kept.add(child)
            add(child)
            child
        }

    /** Calls [make] if exactly [before] children have been made. Otherwise returns null. */
    protected fun makeAfter(before: Int, item: Any): ItemJob<T>? =
        synchronized(lock) { if (count == before) make(item) else null }

    /**
     * Adds a job that must end before the group does, and that a cancel must reach. Call it before
     * [endOfItems].
     */
    protected fun add(job: FutureJob<*>): Unit =
        synchronized(lock) {
            val before = latest
            job.next = before
            before?.spot = job
            latest = job
            expect()
        }

    /**
     * Cancels [job] if the group stops. Call it after [make] or [add], and outside of every lock.
     * List, then look: pairs with [stop], whose thread sets the flag, then cancels the listed jobs.
     */
    protected fun cancelIfStopping(job: FutureJob<*>) {
        if (isStopping) job.requestCancel(stopReason, interrupt = true)
    }

    override fun forgetEnded(): Unit = synchronized(lock) { kept.removeAll { it.isCompleted } }

    override fun forgetChildren(): Unit = synchronized(lock) { kept.clear() }

    /** Notes that no more children come. May be called several times. */
    protected fun endOfItems() {
        synchronized(lock) {
            if (isAtEnd) return
            isAtEnd = true
        }
        countEnded(1)
    }

    protected fun gone(job: FutureJob<*>) {
        synchronized(lock) {
            val later = job.spot as FutureJob<*>?
            val earlier = job.next
            if (later != null) later.next = earlier else if (latest === job) latest = earlier
            earlier?.spot = later
            job.spot = null
            job.next = null
        }
    }
}
