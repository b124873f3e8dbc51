package io.github.coro4j.internal.gather.group

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.isStillListed
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

    override fun leaveScope() = group.scope.unlistDroppable(group)

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

    // ---- the end of the scope

    /**
     * True once the scope has ended, so that the group does not wait for members in other scopes.
     */
    @Volatile private var isWithoutOthers = false

    /**
     * Cancels the members that live in the scope, and ends the group when they have ended. It
     * neither cancels members of other scopes nor waits for them (R20).
     */
    /**
     * True once the end of the scope was passed on to the members. Groups may share members in many
     * ways, and each of these ways leads here.
     */
    @Volatile private var hasPassedOn = false

    override fun scopeEnded(reason: String?) {
        isWithoutOthers = true
        if (hasPassedOn) return
        hasPassedOn = true
        ThreadState.runOrDefer {
            try {
                stopInside(reason)
            } catch (e: Throwable) {
                // After an error of the JVM, such as a full stack, the close tries again.
                hasPassedOn = false
                throw e
            }
        }
    }

    private fun stopInside(reason: String?) {
        group.stop(reason)
        val inside = members.filter(::isInside)
        val cause = group.getCancellationException() as? TaskCancelledException
        Cancels.markAllCancelling(inside, reason, cause)
        for (member in inside) member.scopeEnded(reason, cause)
        val last = Last(inside.size + 1)
        for (member in inside) member.watch(last)
        last.run()
    }

    private fun isInside(member: FutureJob<*>) = !member.isDone && member.livesIn(group.scope)

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
        if (!isWithoutOthers) return super.dependencies(visit)
        for (member in members) if (isInside(member)) visit(member)
    }

    private companion object {
        const val SHORT = 16
    }
}
