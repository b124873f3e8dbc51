package io.github.coro4j.internal

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
    override val members: List<FutureJob<T>> = children.asList()

    override val size: Int
        get() = members.size

    /** The members that have not ended, and one for the look at all of them in [begin]. */
    private val remaining = AtomicInteger(children.size + 1)

    /** Where the scope finds it; null before and after. */
    @Volatile override var place: DroppableJobs.Place? = null

    /** Whoever made them started them. */
    override fun countRunning(done: Long): Long = size - done

    fun begin(): FutureHandle<R> {
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
        @Suppress("UNCHECKED_CAST") memberEnded(source as FutureJob<T>)
        countDown()
    }

    private fun countDown() {
        if (remaining.decrementAndGet() == 0) finish()
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        forgetCarried()
        leaveMembers()
    }

    /** A group that failed before all had ended must not be kept by those that run on. */
    private fun leaveMembers() {
        if (remaining.get() > 0) for (member in members) member.unwatch(this)
    }

    override fun leaveOwner() = scope.occupants.leave(this)

    override fun labelOf(member: FutureJob<T>) = "${member.toLabel()} of ${toLabel()}"
}
