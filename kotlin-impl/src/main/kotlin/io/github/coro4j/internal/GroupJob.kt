@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.TaskCancelledException
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The future of a group: its end depends on that of its members, so it is asked to stop before they
 * are. Who counts the members' ends calls [memberEnded] for each, and [finish] after the last.
 */
internal abstract class GroupJob<T, R>(owner: Owner, private val policy: Policy<T, R>) :
    FutureJob<R>(owner) {
    protected abstract val members: Array<out FutureJob<T>>

    /** Whose end decided, if one did before the last. */
    private val decider = AtomicReference<FutureJob<T>?>()

    /** By the [CoarseClock]; children of its own were started with it. */
    @JvmField val startedAt: Long = owner.scope.engine.clock.nanos()

    final override val kind: String
        get() = "gather"

    /** How many members it has, with those that have ended. */
    val size: Int
        get() = members.size

    /**
     * Members that have not begun are on their way to being ended unbegun. A group that has failed
     * may let its members run on.
     */
    protected val isStopping: Boolean
        get() = isCancelRequested || policy.stops && decider.get() != null

    protected fun memberEnded(member: FutureJob<T>) {
        val verdict = policy.ended(member)
        if (verdict == Verdict.GO_ON || isCancelled) return
        if (!decider.compareAndSet(null, member)) return
        // Not on the member's stack: groups nest to any depth.
        Runner.here().later {
            if (verdict == Verdict.CONCLUDE) conclude(member)
            else
                TaskCancelledException(name(), policy.reason(member, labelOf(member))).let {
                    cancelAll(others(member), it.reason(), interrupt = true, origin = it)
                }
        }
    }

    /** For the reason that the others are given. */
    protected open fun labelOf(member: FutureJob<T>) = member.toLabel()

    private fun others(member: FutureJob<T>) = members.filter { it !== member }

    /** The last member has ended. Does nothing if the group has ended before. */
    protected fun finish() = Runner.here().later { conclude(decider.get()) }

    private fun conclude(decider: FutureJob<T>?) {
        if (!advance(PENDING, CONCLUDED)) return
        if (decider == null && isCancelled) return endWith(getCancellationException())
        val all = members.asList()
        val failure = policy.failure(decider, all)
        if (failure != null) endWith(failure) else succeedWith(policy.value(decider, all))
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        // Null if the group has failed before.
        val origin =
            if (isCancelled) getCancellationException() as? TaskCancelledException else null
        Runner.here().later { cancelAll(members.asList(), reason, interrupt, origin) }
    }

    /**
     * Members of a group that has failed can still be reached (R20); the answer is about the group,
     * which is done.
     */
    final override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ): Boolean {
        if (super.requestCancel(reason, interrupt, origin)) return true
        if (isNewRequest(interrupt)) onCancelRequest(reason, interrupt)
        return false
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        for (member in members) if (!member.isCompleted) visit(member)
    }

    private companion object {
        const val PENDING = 0
        const val CONCLUDED = 1
    }
}
