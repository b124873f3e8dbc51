package io.github.coro4j.internal

/**
 * A group that makes its children one after the other: what has not had its turn is the item alone.
 * While more may come, that is one of the things that are expected to end; see [endOfItems].
 *
 * The lock guards what is written here; no user code runs under it, and no child ends.
 */
internal abstract class GrowingGather<T, R>(
    bodies: Bodies<T>,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : OwnedGather<T, R>(bodies, policy, settings, expected = 1) {
    protected val lock = Any()

    /**
     * Made, and not ended, the latest first: a list through the jobs themselves, which are in no
     * other, since a scope lists the group alone.
     */
    private var latest: FutureJob<*>? = null

    /** All that were made, in order; where the policy does not need them, none. */
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

    /** How many children were made. */
    protected val made: Int
        get() = synchronized(lock) { count }

    /** The next child; null if there is to be none. */
    protected fun make(item: Any): ItemJob<T>? =
        synchronized(lock) {
            if (isAtEnd) return null
            val child = ItemJob(this, count++, item)
            if (keepsMembers) kept.add(child)
            add(child)
            child
        }

    /** As [make], unless so many have not been made, or more have. */
    protected fun makeAfter(before: Int, item: Any): ItemJob<T>? =
        synchronized(lock) { if (count == before) make(item) else null }

    /**
     * Something that must end before the group does, and that a cancel must reach; not after
     * [endOfItems].
     */
    protected fun add(job: FutureJob<*>): Unit =
        synchronized(lock) {
            val before = latest
            job.next = before
            before?.previous = job
            latest = job
            expect()
        }

    /**
     * After [make] or [add], and outside of every lock: who stops the group has found [job] there,
     * or is seen here.
     */
    protected fun cancelIfStopping(job: FutureJob<*>) {
        if (isStopping) job.requestCancel(stopReason, interrupt = true)
    }

    override fun forgetEnded(): Unit = synchronized(lock) { kept.removeAll { it.isCompleted } }

    override fun forgetChildren(): Unit = synchronized(lock) { kept.clear() }

    /** There will be no other child; once or more. */
    protected fun endOfItems() {
        synchronized(lock) {
            if (isAtEnd) return
            isAtEnd = true
        }
        countEnded(1)
    }

    protected fun gone(job: FutureJob<*>) {
        synchronized(lock) {
            val later = job.previous
            val earlier = job.next
            if (later != null) later.next = earlier else if (latest === job) latest = earlier
            earlier?.previous = later
            job.previous = null
            job.next = null
        }
    }
}
