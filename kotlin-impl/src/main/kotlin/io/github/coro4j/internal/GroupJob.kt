@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.TaskCancelledException
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The future of a group: its end depends on that of its members, so it is asked to stop before they
 * are. Who counts the members' ends calls [memberEnded] for each, and [finish] after the last.
 */
internal abstract class GroupJob<T>(owner: Owner, private val policy: Policy) :
    FutureJob<List<Any?>>(owner) {
    protected abstract val members: Array<out FutureJob<T>>

    /** Whose failure is the group's. */
    private val first = AtomicReference<FutureJob<T>?>()

    /** By the [CoarseClock]; children of its own were started with it. */
    @JvmField val startedAt: Long = owner.scope.engine.clock.nanos()

    final override val kind: String
        get() = "gather"

    /** How many members it has, with those that have ended. */
    val size: Int
        get() = members.size

    /**
     * Members that have not begun are on their way to being ended unbegun. A group that has failed
     * lets its members run on.
     */
    protected val isStopping: Boolean
        get() = isCancelRequested || policy == Policy.FAIL_FAST && first.get() != null

    protected fun memberEnded(member: FutureJob<T>) {
        if (exceptionOf(member) == null || policy == Policy.SETTLED || isCancelled) return
        if (!first.compareAndSet(null, member)) return
        // Not on the member's stack: groups nest to any depth.
        Runner.here().later {
            if (policy == Policy.ALL) conclude { endWith(surface(member)) }
            else
                TaskCancelledException(name(), reasonToStop(member)).let {
                    cancelAll(others(member), it.reason(), interrupt = true, origin = it)
                }
        }
    }

    protected open fun reasonToStop(failed: FutureJob<T>) = "${failed.toLabel()} failed"

    private fun others(member: FutureJob<T>) = members.filter { it !== member }

    /** The last member has ended. Does nothing if the group has failed. */
    protected fun finish() =
        Runner.here().later {
            conclude {
                val failed = first.get()
                when {
                    failed != null -> {
                        surfaceBeside(failed, others(failed))
                        endWith(surface(failed))
                    }
                    isCancelled -> endWith(getCancellationException())
                    policy == Policy.SETTLED -> succeed(settledList(members.asList()))
                    else -> succeed(resultList(members.asList()))
                }
            }
        }

    private inline fun conclude(end: () -> Unit) {
        if (advance(PENDING, CONCLUDED)) end()
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

/** What a member of a group ended with, if not with a value. */
internal fun exceptionOf(member: FutureJob<*>): Throwable? =
    when (val end = member.end) {
        is UnreadFailure -> end.exception
        is CancelledEnd -> end.cancellation
        else -> null
    }

/**
 * The member's failure becomes the group's. A member that was cancelled counts as failed; the group
 * itself was not cancelled.
 */
private fun surface(member: FutureJob<*>): Throwable {
    member.markRead()
    return asFailure(exceptionOf(member)!!)
}

/**
 * R17: the failures of other members are attached to the one that surfaces; where there is no room
 * for them, they stay unread.
 */
private fun surfaceBeside(first: FutureJob<*>, others: List<FutureJob<*>>) {
    val failures = others.mapNotNull { it.failed }
    if (failures.isEmpty()) return
    val attached = attachAll(exceptionOf(first)!!, failures.map { it.exception })
    for (failure in failures) if (failure.exception in attached) failure.markRead()
}
