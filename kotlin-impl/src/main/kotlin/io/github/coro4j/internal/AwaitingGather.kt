package io.github.coro4j.internal

import io.github.coro4j.TaskCancelledException
import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicInteger

/**
 * The future of a group of futures that exist. It watches those that have not ended, which costs a
 * member nothing where the group is its only watcher, and counts.
 *
 * Its scope does not keep it ([DroppableJobs]): its members do, and whoever waits for it. A group
 * whose members can no longer be completed by anybody goes with them.
 */
internal class AwaitingGather<T, R>(
    scope: ScopeImpl,
    children: Array<FutureJob<T>>,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : GroupJob<T, R>(scope, policy, settings), Droppable {
    /**
     * The members: a list of them all; of those that may not have ended, where the policy does not
     * need the others; and of weak references to those once the group has ended.
     */
    @Volatile private var kept: List<Any> = children.asList()

    override val members: List<FutureJob<T>>
        @Suppress("UNCHECKED_CAST")
        get() {
            val seen = kept
            return if (seen is Left) seen.mapNotNull { it.get() as FutureJob<T>? }
            else seen as List<FutureJob<T>>
        }

    /** The members of a group that has ended, which a cancel can still reach (R20). */
    private class Left(members: List<FutureJob<*>>) : AbstractList<WeakReference<FutureJob<*>>>() {
        private val references = members.map { WeakReference(it) }

        override val size: Int
            get() = references.size

        override fun get(index: Int) = references[index]
    }

    override val size: Int = children.size

    /** The members that have not ended, and one for the look at all of them in [begin]. */
    private val remaining = AtomicInteger(children.size + 1)

    /** Where the scope finds it; null before and after. */
    @Volatile override var place: DroppableJobs.Place? = null

    /** Whoever made them started them. */
    override fun countRunning(done: Long): Long = size - done

    fun begin(): FutureHandle<R> {
        placeMembers()
        scope.listDroppable(this)
        for (member in members) {
            // Has it failed already, the others are not watched.
            if (isCompleted) break
            member.watch(this)
        }
        // It may have failed while the last one was added to.
        if (isCompleted) leaveMembers()
        countDown()
        if (!isCompleted) startTimer()
        return handle()
    }

    override fun sourceEnded(source: FutureJob<*>) {
        if (!isStillListed()) return abandon()
        @Suppress("UNCHECKED_CAST") memberEnded(source as FutureJob<T>)
        countDown()
        if (!keepsMembers) forgetEnded()
    }

    private fun countDown() {
        if (remaining.decrementAndGet() == 0) finish()
    }

    /**
     * Forgets the members that have ended when they may be half of those that are kept: so this
     * costs a member a few steps, however many there are.
     */
    private fun forgetEnded() {
        val seen = kept
        if (seen is Left || seen.size > SHORT && remaining.get() > seen.size / 2) return
        synchronized(remaining) {
            if (kept !is Left) kept = members.filterNot { it.isCompleted }
        }
    }

    // ---- the end of the scope

    /**
     * Cancels what lives in the scope, and ends when that has ended: members of other scopes are
     * left alone, and not waited for (R20).
     */
    override fun scopeEnded(reason: String?, origin: TaskCancelledException?) {
        if (!ask(reason, origin)) return
        isWithoutOthers = true
        Runner.later {
            stop(reason)
            val inside = members.filter { !it.isCompleted && it.livesIn(scope) }
            val cause = getCancellationException() as? TaskCancelledException
            askAll(inside, reason, cause)
            for (member in inside) member.scopeEnded(reason, cause)
            val last = Last(inside.size + 1)
            for (member in inside) member.watch(last)
            last.run()
        }
    }

    /** Ends the group when it has been told so often. */
    private inner class Last(count: Int) : Wake() {
        private val left = AtomicInteger(count)

        override val isStale: Boolean
            get() = isCompleted

        override fun run() {
            if (left.decrementAndGet() == 0) finish()
        }
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        if (!isWithoutOthers) return super.dependencies(visit)
        for (member in members) if (!member.isCompleted && member.livesIn(scope)) visit(member)
    }

    // ---- the end

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        forgetCarried()
        leaveMembers()
    }

    /** A group that failed before all had ended must not be kept by those that run on. */
    private fun leaveMembers() {
        val left = if (remaining.get() > 0) members.filterNot { it.isCompleted } else emptyList()
        synchronized(remaining) { kept = Left(left) }
        for (member in left) member.unwatch(this)
    }

    override fun leaveOwner() = scope.occupants.leave(this)

    override fun labelOf(member: FutureJob<T>) = "${member.toLabel()} of ${toLabel()}"

    private companion object {
        const val SHORT = 16
    }
}
