package io.github.coro4j.internal.gather.group

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.gather.policy.AtTimeout
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.TaskJob
import io.github.coro4j.internal.job.ThreadState
import java.util.concurrent.TimeoutException

/**
 * What has decided a group before its last member has ended. The first decision counts. It stops
 * the members or lets them run on, and it says how the group ends.
 */
internal sealed class GroupDecision<T> {
    /** True if no more members may begin. */
    open val isStop: Boolean
        get() = false

    /** True if the group then waits for members that were stopped, at most until its time limit. */
    open val stopsMembers: Boolean
        get() = false

    /** True if [group] has then ended, or ends without the members that still run. */
    open fun endsWithoutTheRest(group: GroupJob<T, *>): Boolean = false

    /** True if a cancel makes [group] wait for members that the decision has stopped. */
    open fun waitsIfCancelled(group: GroupJob<T, *>): Boolean = isStop

    /** Returns why members are stopped, or null if they are not. */
    open fun stopReason(group: GroupJob<T, *>): String? = null

    /** Does what was decided: ends [group], or stops its members, so that the last one ends it. */
    abstract fun carryOut(group: GroupJob<T, *>)

    /** The member whose end decided, or null if no member's end did. */
    protected open val decider: FutureJob<T>?
        get() = null

    /** Ends [group]. Called once. */
    open fun <R> end(group: GroupJob<T, R>) = group.endByPolicy(decider)

    /** The end of [decider] is enough, and the other members run on. */
    class Conclude<T>(override val decider: FutureJob<T>) : GroupDecision<T>() {
        override fun endsWithoutTheRest(group: GroupJob<T, *>) = true

        override fun carryOut(group: GroupJob<T, *>) = group.concludeInTurn()
    }

    /** The end of [decider] is enough, and the other members are stopped. */
    class Stop<T>(override val decider: FutureJob<T>) : GroupDecision<T>() {
        override val isStop: Boolean
            get() = true

        override val stopsMembers: Boolean
            get() = true

        override fun endsWithoutTheRest(group: GroupJob<T, *>) =
            group.policy.isPrompt && !group.isCancelled

        override fun stopReason(group: GroupJob<T, *>): String =
            group.policy.reason(decider, group.source.labelOf(decider))

        override fun carryOut(group: GroupJob<T, *>) {
            group.stopMembers(stopReason(group), except = decider)
            if (group.policy.isPrompt) group.concludeInTurn()
        }
    }

    /** The [limit] of the group has passed. */
    class TimedOut<T>(private val limit: String, private val exception: TimeoutException) :
        GroupDecision<T>() {
        override fun carryOut(group: GroupJob<T, *>) =
            when (group.policy.atTimeout) {
                AtTimeout.CONCLUDE -> group.concludeInTurn()
                AtTimeout.KEEP -> {
                    // Make the children before the stop, because afterwards no more can be made.
                    group.source.makeUnmade()
                    stopMembers(group)
                }
                AtTimeout.FAIL,
                AtTimeout.WAIT -> stopMembers(group)
            }

        override fun waitsIfCancelled(group: GroupJob<T, *>): Boolean =
            group.policy.atTimeout == AtTimeout.KEEP

        private fun stopMembers(group: GroupJob<T, *>) = ThreadState.runOrDefer {
            val late = "${group.toLabel()} timed out after $limit"
            val unbegun = "not started when $late"
            group.stop(unbegun)
            val begun = group.source.reachable.filterNot { cancelUnbegun(it, unbegun) }
            val origin = TaskCancelledException(group.name(), late)
            Cancels.cancelAll(begun, late, interrupt = true, origin)
            if (group.policy.atTimeout != AtTimeout.WAIT) group.concludeTimedOut()
        }

        private fun cancelUnbegun(member: FutureJob<*>, reason: String): Boolean =
            when (member) {
                is GroupChild -> member.cancelUnbegun(reason)
                is TaskJob -> member.cancelUnbegun(reason)
                else -> false
            }

        override fun <R> end(group: GroupJob<T, R>) =
            if (group.policy.atTimeout == AtTimeout.FAIL) group.failWith(exception)
            else super.end(group)
    }

    /** The group cannot go on. It fails with [exception], and its members are stopped. */
    class Broken<T>(private val exception: Throwable) : GroupDecision<T>() {
        override val stopsMembers: Boolean
            get() = true

        override fun carryOut(group: GroupJob<T, *>) =
            group.stopMembers("${group.toLabel()} failed", except = null)

        override fun <R> end(group: GroupJob<T, R>) = group.failWith(exception)
    }

    /** The group has ended, and what decided it is released. */
    class Over<T> : GroupDecision<T>() {
        override fun endsWithoutTheRest(group: GroupJob<T, *>) = true

        override fun carryOut(group: GroupJob<T, *>) = Unit
    }

    companion object {
        private val OVER = Over<Any?>()

        @Suppress("UNCHECKED_CAST") fun <T> over(): GroupDecision<T> = OVER as GroupDecision<T>
    }
}
