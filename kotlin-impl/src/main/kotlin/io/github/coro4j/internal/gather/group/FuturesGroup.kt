package io.github.coro4j.internal.gather.group

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.Droppable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.WeakJobEntry
import io.github.coro4j.internal.job.isStillListed
import io.github.coro4j.internal.job.unwatch
import io.github.coro4j.internal.job.watch
import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicInteger

/**
 * The future of a group of existing futures. It watches and counts the members that have not ended.
 * That costs a member nothing if the group is its only watcher.
 *
 * Its scope does not keep it alive ([WeakJobList]); its members and its waiters do. A group whose
 * members can no longer be completed is collected with them.
 */
internal class FuturesGroup<T, R>(
    scope: JobScope,
    children: Array<FutureJob<T>>,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : GroupJob<T, R>(scope, policy, settings), Droppable {
    /**
     * The members. At first this is a list of all. If the policy does not need ended members, it is
     * later a list of the members that may not have ended. Once the group has ended, it is [Left].
     */
    @Volatile private var kept: List<Any> = children.asList()

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

    /** Number of members that have not ended, plus one until [begin] has watched them all. */
    private val remaining = AtomicInteger(children.size + 1)

    /** Its place in the list of the scope; null while it is not listed. */
    @Volatile override var place: WeakJobEntry? = null

    /** Counts all members that are not done as running, because existing futures have started. */
    override fun countRunning(done: Long): Long = size - done

    fun begin(): JobHandle<R> {
        placeMembers()
        scope.listDroppable(this)
        for (member in members) {
            // If the group has already failed, skip the rest.
            if (isDone) break
            member.watch(this)
        }
        // The group may have failed while it watched the last member.
        if (isDone) leaveMembers()
        countDown()
        if (!isDone) startTimer()
        return handle()
    }

    override fun sourceEnded(source: FutureJob<*>) {
        if (!isStillListed()) return abandon()
        try {
            @Suppress("UNCHECKED_CAST") memberEnded(source as FutureJob<T>)
        } finally {
            // Count the end even after an error of the JVM, because the group must end.
            countDown()
        }
        if (!keepsMembers) forgetEnded()
    }

    private fun countDown() {
        if (remaining.decrementAndGet() == 0) finish()
    }

    /**
     * Forgets the ended members once they may be half of the kept ones. So this costs a few steps a
     * member, whatever the size of the group.
     */
    private fun forgetEnded() {
        val seen = kept
        if (seen is Left || seen.size > SHORT && remaining.get() > seen.size / 2) return
        synchronized(remaining) {
            if (kept !is Left) kept = members.filterNot { it.isDone }
        }
    }

    // ---- the end of the scope

    /**
     * Cancels the members that live in the scope, and ends when they have ended. It neither cancels
     * members of other scopes nor waits for them (R20).
     */
    override fun scopeEnded(reason: String?, origin: TaskCancelledException?) {
        if (!markCancelling(reason, origin)) return
        isWithoutOthers = true
        ThreadState.later {
            stop(reason)
            val inside = members.filter { !it.isDone && it.livesIn(scope) }
            val cause = getCancellationException() as? TaskCancelledException
            Cancels.markAllCancelling(inside, reason, cause)
            for (member in inside) member.scopeEnded(reason, cause)
            val last = Last(inside.size + 1)
            for (member in inside) member.watch(last)
            last.run()
        }
    }

    /** Ends the group after [count] calls. */
    private inner class Last(count: Int) : Waiter() {
        private val left = AtomicInteger(count)

        override val isStale: Boolean
            get() = isDone

        override fun run() {
            if (left.decrementAndGet() == 0) finish()
        }
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (!isWithoutOthers) return super.dependencies(visit)
        for (member in members) if (!member.isDone && member.livesIn(scope)) visit(member)
    }

    // ---- the end

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        forgetContext()
        leaveMembers()
    }

    /** Stops watching, so that members that run on do not keep the ended group alive. */
    private fun leaveMembers() {
        val left = if (remaining.get() > 0) members.filterNot { it.isDone } else emptyList()
        synchronized(remaining) { kept = Left(left) }
        for (member in left) member.unwatch(this)
    }

    override fun leaveOwner() = scope.unlistDroppable(this)

    override fun labelOf(member: FutureJob<T>) = "${member.toLabel()} of ${toLabel()}"

    private companion object {
        const val SHORT = 16
    }
}
