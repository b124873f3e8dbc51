package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.FutureJob

/**
 * The children of a group that makes them one after the other. Before its turn a child is only an
 * item. As long as more children may come, the source counts one more expected end; see [end].
 *
 * The list is its own lock. No user code runs under it, and no child ends.
 */
internal class MemberList<T>(private val source: BodiesSource<T>) {
    /**
     * The jobs that were made and have not ended, the latest first. The list runs through the jobs
     * themselves, which are in no other list, because the scope lists only the group.
     */
    private var latest: FutureJob<*>? = null

    /** All children that were made, in order; empty if the policy does not need them. */
    private val kept = ArrayList<FutureJob<T>>()
    private var count = 0
    private var isAtEnd = false

    /** True until [end], so that more children may come. */
    val isOpen: Boolean
        get() = locked { !isAtEnd }

    inline fun <V> locked(code: () -> V): V = synchronized(this, code)

    val members: List<FutureJob<T>>
        get() = locked { ArrayList(kept) }

    /** The jobs that have not ended, in the order in which they were made. */
    val unended: List<FutureJob<*>>
        get() {
            val jobs = ArrayList<FutureJob<*>>()
            locked {
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
    val made: Int
        get() = locked { count }

    /** Adds the next child, which is for [item]. Returns null if no more may come. */
    fun addNext(item: Any): FutureJob<T>? = locked {
        if (isAtEnd) null else source.newChild(count++, item).also(::addChild)
    }

    /** Calls [addNext] if exactly [before] children have been made. Otherwise returns null. */
    fun addNextAfter(before: Int, item: Any): FutureJob<T>? = locked {
        if (count == before) addNext(item) else null
    }

    private fun addChild(child: FutureJob<T>) {
        if (source.group.policy.keepsMembers) kept.add(child)
        add(child)
    }

    /**
     * Adds a job that must end before the group does, and that a cancel must reach. Call it before
     * [end].
     */
    fun add(job: FutureJob<*>): Unit = locked {
        val before = latest
        job.next = before
        before?.spot = job
        latest = job
        source.expect()
    }

    /** Cancels [job], which was added, if the group stops. Call it outside of every lock. */
    fun cancelIfStopping(job: FutureJob<*>) {
        // publish, then re-check: pairs with GroupJob.stop, whose caller sets the flag, then
        // cancels the jobs of this list
        val group = source.group
        if (group.isStopping) job.requestCancel(group.stopReason, interrupt = true)
    }

    /** Removes a job that has ended. */
    fun remove(job: FutureJob<*>): Unit = locked {
        val later = job.spot as FutureJob<*>?
        val earlier = job.next
        if (later != null) later.next = earlier else if (latest === job) latest = earlier
        earlier?.spot = later
        job.spot = null
        job.next = null
    }

    /** Notes that no more children come. May be called several times. */
    fun end() {
        locked {
            if (isAtEnd) return
            isAtEnd = true
        }
        source.countEnded(1)
    }

    /** Releases the children that have ended. */
    fun forgetEnded(): Unit = locked { kept.removeAll { it.isCompleted } }

    /** Releases all children. */
    fun forget(): Unit = locked { kept.clear() }
}
