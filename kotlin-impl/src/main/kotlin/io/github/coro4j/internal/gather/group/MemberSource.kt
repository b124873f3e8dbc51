package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.Progress

/**
 * The members of one group: where they come from, how many there are, and which of them have not
 * ended. A source starts the members or watches them, calls [GroupJob.memberEnded] for each, and
 * [GroupJob.finish] after the last.
 */
internal abstract class MemberSource<T> {
    /** The group that these members belong to. Set by [attach], before any member can end. */
    lateinit var group: GroupJob<T, *>
        private set

    /** True if the source starts the members, so that they belong to the group. */
    abstract val ownsMembers: Boolean

    /**
     * True if a member may be in another scope, or follow a future there, which the end of the
     * group's scope leaves alone (R20).
     */
    abstract val leavesOthers: Boolean

    /** The members whose ends the policy needs, in order. */
    abstract val members: List<FutureJob<T>>

    /** The jobs that a cancel must reach. */
    open val reachable: List<FutureJob<*>>
        get() = members

    /** The members that have not ended. The policy may not need those that have. */
    open val stillStopping: List<FutureJob<T>>
        get() = members.filter { !it.isDone }

    /** Number of members that there will be, or -1 if unknown. */
    abstract val size: Int

    /** Number of members that are known so far. */
    open val known: Int
        get() = size

    /** Number of members that are not made yet, or 0 if unknown. */
    open val unmade: Int
        get() = 0

    /** True if more than one member has not ended, or more may be made. */
    val hasSeveralLeft: Boolean
        get() = unmade != 0 || members.count { !it.isDone } > 1

    /**
     * True if more than one member may still report an end, or more may be made. A member that has
     * ended may still decide the group, until its report is over.
     */
    protected abstract val hasSeveralToReport: Boolean

    /** True if a member that has ended may still decide the group. */
    val isReporting: Boolean
        get() = hasSeveralToReport && !hasSeveralLeft

    /** True if the group waits for a permit of [limit], to make its next member. */
    open val waitsForPermit: Boolean
        get() = false

    /** The limit that the members share with those of other groups, or null. */
    open val limit: SharedLimit?
        get() = null

    open val unmadeProgress: Progress
        get() = Progress.WITHOUT_PERMIT

    /** Returns how many members are running when [done] ends have been reported. */
    abstract fun countRunning(done: Long): Long

    /** Returns the index of [member]; if it was passed several times, the next of its indices. */
    abstract fun indexOf(member: FutureJob<T>): Int

    /** Returns the name of [member] for the reason with which the others are cancelled. */
    open fun labelOf(member: FutureJob<T>): String = member.toLabel()

    // ---- start

    /** Prepares the members for [group], before another thread can see it. */
    open fun attach(group: GroupJob<T, *>) {
        this.group = group
    }

    /** Lists the group in its scope, or throws if the scope refuses it. */
    abstract fun list()

    /** Starts the members or watches them. */
    abstract fun start()

    /**
     * Claims a member that has not begun. The caller must run it or hand it over. Returns null if
     * there is none to claim.
     */
    open fun claimUnbegun(): BodyJob<*>? = null

    /** Makes a member for each of [unmade], so that each of them has an end. */
    open fun makeUnmade() = Unit

    // ---- ends

    /** Handles a stop. [GroupJob.isStopping] is true; the caller then cancels [reachable]. */
    open fun stopped() = Unit

    /** Handles the end of a member that the group watches. */
    open fun watchedEnded(member: FutureJob<T>): Unit = error("$group watches no member")

    /** Handles the end of the owner of the group, if [leavesOthers]. */
    abstract fun ownerEnded(by: OwnerEnd, reason: String?)

    /** Removes the ended group from its scope, once none of its own members runs any more. */
    abstract fun leaveScope()

    /** Releases what only a running group needs. Called after the watchers of the group. */
    open fun groupEnded() = Unit

    open fun dependencies(visit: (Awaitable) -> Unit) {
        for (member in reachable) if (!member.isCompleted) visit(member)
    }
}
