package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.FutureJob

/**
 * Tells the policy and the progress listener of each member's end, and ends the group after their
 * calls.
 */
internal interface MemberNotifier<T> {
    /** Called at the end of each member, on the thread that ended it. */
    fun memberEnded(group: GroupJob<T, *>, member: FutureJob<T>)

    /** Ends the group after the calls of user code that are pending. */
    fun conclude(group: GroupJob<T, *>)

    /**
     * Ends the group after a timeout. A policy of the user first gets an outcome for each member
     * that still stops.
     */
    fun concludeTimedOut(group: GroupJob<T, *>) = conclude(group)

    /** True while a policy of the user has not heard of all ends. */
    val asksPolicy: Boolean
        get() = false

    companion object {
        /** Asks a built-in policy on the thread that ended the member. */
        @Suppress("UNCHECKED_CAST")
        fun <T> direct(): MemberNotifier<T> = DirectNotifier as MemberNotifier<T>

        /** Tells nothing, because the group has ended. It keeps no code of the user alive. */
        @Suppress("UNCHECKED_CAST")
        fun <T> silent(): MemberNotifier<T> = SilentNotifier as MemberNotifier<T>
    }
}

private object DirectNotifier : MemberNotifier<Any?> {
    override fun memberEnded(group: GroupJob<Any?, *>, member: FutureJob<Any?>) =
        group.decideBy(member, group.policy.ended(NO_INDEX, member))

    override fun conclude(group: GroupJob<Any?, *>) = group.conclude()
}

private object SilentNotifier : MemberNotifier<Any?> {
    override fun memberEnded(group: GroupJob<Any?, *>, member: FutureJob<Any?>) = Unit

    override fun conclude(group: GroupJob<Any?, *>) = Unit
}

/** Stands for the index of a member where the policy needs none. */
internal const val NO_INDEX = -1
