package io.github.coro4j.internal

import io.github.coro4j.GatherPolicy

/** A policy of the user's own. It is told in turn, by [GroupCalls], and never asked directly. */
internal class UserPolicy<T, R>(given: GatherPolicy<in T, out R>) :
    Policy<T, R>("by(${given.javaClass.name})") {
    /** An outcome only gives values, so one of a subtype will do. */
    @Suppress("UNCHECKED_CAST") @Volatile private var policy = given as GatherPolicy<T, R>?

    override fun forget() {
        policy = null
    }

    override val atTimeout: AtTimeout
        get() = AtTimeout.KEEP

    override val keepsMembers: Boolean
        get() = false

    /** When the time was over: the group has yet to end, and fails with this. */
    var thrown: Throwable? = null

    /** By whoever is told in turn: it has given another answer than to go on, or none. */
    var hasAnswered = false

    /** The outcome is in the policy's hands from here on. */
    fun tell(index: Int, member: FutureJob<T>): Verdict {
        val policy = policy ?: return Verdict.GO_ON // the group has ended meanwhile
        member.markRead()
        val answer: GatherPolicy.Decision? = policy.ended(index, member.outcome())
        requireArgument(answer, "the decision of $verb") { "return GO_ON, CONCLUDE or STOP" }
        return when (answer!!) {
            GatherPolicy.Decision.GO_ON -> Verdict.GO_ON
            GatherPolicy.Decision.CONCLUDE -> Verdict.CONCLUDE
            GatherPolicy.Decision.STOP -> Verdict.STOP
        }
    }

    override fun ended(member: FutureJob<T>) = error("told in turn")

    override fun reason(decider: FutureJob<T>, label: String) = "$label was enough for $verb"

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>): Throwable? =
        thrown?.let {
            attachFailures(it, members)
            asFailure(it)
        }

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any? =
        policy!!.result()
}
