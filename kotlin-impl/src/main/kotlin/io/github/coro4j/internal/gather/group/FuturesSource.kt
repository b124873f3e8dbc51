package io.github.coro4j.internal.gather.group

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.isStartedIn
import io.github.coro4j.internal.job.isStillListed
import io.github.coro4j.internal.job.startedPlace
import io.github.coro4j.internal.job.unwatch
import io.github.coro4j.internal.job.watch
import java.lang.ref.WeakReference
import java.util.IdentityHashMap
import java.util.concurrent.atomic.AtomicInteger

/**
 * Existing futures. The group watches and counts those that have not ended. That costs a member
 * nothing if the group is its only watcher.
 *
 * The scope does not keep the group alive ([WeakJobList]); its members and its waiters do. A group
 * whose members no code can end any more is collected with them.
 */
internal class FuturesSource<T>(children: Array<FutureJob<T>>) : MemberSource<T>() {
    /**
     * The members. At first this is a list of all. If the policy does not need ended members, it is
     * later a list of the members that may not have ended. Once the group has ended, it is [Left].
     */
    @Volatile private var kept: List<Any> = children.asList()

    override val ownsMembers: Boolean
        get() = false

    override val leavesOthers: Boolean
        get() = true

    override val members: List<FutureJob<T>>
        @Suppress("UNCHECKED_CAST")
        get() {
            val seen = kept
            return if (seen is Left) seen.mapNotNull { it.get() as FutureJob<T>? }
            else seen as List<FutureJob<T>>
        }

    /** Weak references to the members that a cancel can still reach after the group's end (R20). */
    private class Left(members: List<FutureJob<*>>) : AbstractList<WeakReference<FutureJob<*>>>() {
        private val references = members.map { WeakReference(it) }

        override val size: Int
            get() = references.size

        override fun get(index: Int) = references[index]
    }

    override val size: Int = children.size

    /** Number of members that have not ended, plus one until [start] has watched them all. */
    private val remaining = AtomicInteger(children.size + 1)

    override val hasSeveralToReport: Boolean
        get() = remaining.get() > 1

    /** The indices of each member, for a policy that needs them; otherwise null. */
    private var indices: IdentityHashMap<FutureJob<T>, ArrayDeque<Int>>? = null

    /** Counts all members that are not done as running, because existing futures have started. */
    override fun countRunning(done: Long): Long = size - done

    override fun indexOf(member: FutureJob<T>): Int {
        val all = indices ?: return NO_INDEX // the group has ended meanwhile
        val ofMember = all.getValue(member)
        return ofMember.removeFirst().also { if (ofMember.isEmpty()) all.remove(member) }
    }

    override fun labelOf(member: FutureJob<T>) = "${member.toLabel()} of ${group.toLabel()}"

    // ---- start

    override fun attach(group: GroupJob<T, *>) {
        super.attach(group)
        if (!group.policy.runsUserCode) return
        val map = IdentityHashMap<FutureJob<T>, ArrayDeque<Int>>()
        members.forEachIndexed { index, each ->
            map.getOrPut(each) { ArrayDeque(1) }.addLast(index)
        }
        indices = map
    }

    override fun list() = group.scope.listDroppable(group)

    override fun start() {
        for (member in members) {
            // If the group has already failed, skip the rest.
            if (group.isDone) break
            member.watch(group)
        }
        // The group may have failed while it watched the last member.
        if (group.isDone) leaveMembers()
        countDown()
    }

    // ---- ends

    override fun watchedEnded(member: FutureJob<T>) {
        if (!group.isStillListed()) return group.abandon()
        try {
            group.memberEnded(member)
        } finally {
            // Count the end even after an error of the JVM, because the group must end.
            countDown()
        }
        if (!group.policy.keepsMembers) forgetEnded()
    }

    private fun countDown() {
        if (remaining.decrementAndGet() == 0) group.finish()
    }

    /**
     * Forgets the ended members once they may be half of the kept ones. So this costs a few steps
     * per member, whatever the size of the group.
     */
    private fun forgetEnded() {
        val seen = kept
        if (seen is Left || seen.size > SHORT && remaining.get() > seen.size / 2) return
        synchronized(remaining) {
            if (kept !is Left) kept = members.filterNot { it.isDone }
        }
    }

    override fun leaveScope() {
        group.scope.unlistDroppable(group)
        group.owner.left(group)
    }

    override fun groupEnded() {
        group.userContext?.forget()
        indices = null
        leaveMembers()
    }

    /** Stops watching, so that members that run on do not keep the ended group alive. */
    private fun leaveMembers() {
        val left = if (remaining.get() > 0) members.filterNot { it.isDone } else emptyList()
        synchronized(remaining) { kept = Left(left) }
        for (member in left) member.unwatch(group)
    }

    // ---- the end of the owner

    /**
     * The end of the owner that was passed on to the members; null before. It is passed on once,
     * because groups may share members in many ways, and each of these ways leads here.
     */
    @Volatile private var reach: OwnerEnd? = null

    /**
     * Ends the group when the members have ended that the end of the owner reaches. It neither
     * cancels others nor waits for them (R20, R31).
     */
    override fun ownerEnded(by: OwnerEnd, reason: String?) {
        val before = reach
        // The end of the scope reaches more than a cancel of the starter.
        if (before == OwnerEnd.SCOPE || before == by) return
        reach = by
        ThreadState.runOrDefer {
            try {
                stopReached(by, reason)
            } catch (e: Throwable) {
                // After an error of the JVM, such as a full stack, the close tries again.
                reach = before
                throw e
            }
        }
    }

    private fun stopReached(by: OwnerEnd, reason: String?) {
        group.stop(reason)
        val reached = members.filter(::isReached)
        // What the starter has started, its cancel has reached already.
        if (by == OwnerEnd.SCOPE) {
            val cause = group.getCancellationException() as? TaskCancelledException
            Cancels.markAllCancelling(reached, reason, cause)
            for (member in reached) member.scopeEnded(reason, cause)
        }
        val last = Last(reached.size + 1)
        for (member in reached) member.watch(last)
        last.run()
    }

    private fun isReached(member: FutureJob<*>): Boolean =
        when {
            member.isDone -> false
            reach == OwnerEnd.SCOPE -> member.livesIn(group.scope)
            else -> member.isStartedIn(group.owner.startedPlace?.work)
        }

    /** Ends the group after [count] calls. */
    private inner class Last(count: Int) : Waiter() {
        private val left = AtomicInteger(count)

        override val isStale: Boolean
            get() = group.isDone

        override fun run() {
            if (left.decrementAndGet() == 0) group.finish()
        }
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (reach == null) super.dependencies(visit)
        else for (member in members) if (isReached(member)) visit(member)
    }

    private companion object {
        const val SHORT = 16
    }
}
