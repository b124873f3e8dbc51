package io.github.coro4j.internal.gather.policy

import io.github.coro4j.GatherPolicy
import io.github.coro4j.GatherPolicy.Decision
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.outcomeNow

/** A policy of the user. */
internal class UserPolicy<T, R>(given: GatherPolicy<in T, out R>) :
    Policy<T, R>("using(${given.javaClass.name})") {
    /**
     * The user's policy; null after the end. The cast is safe because an outcome only gives values.
     */
    @Suppress("UNCHECKED_CAST") @Volatile private var policy = given as GatherPolicy<T, R>?

    override fun forget() {
        policy = null
    }

    override val atTimeout: AtTimeout
        get() = AtTimeout.KEEP

    override val endsByFew: Boolean
        get() = true

    override val runsUserCode: Boolean
        get() = true

    override val keepsMembers: Boolean
        get() = false

    /**
     * Passes the outcome of [member] to the policy, which counts as reading it. After a timeout the
     * member may still stop.
     */
    override fun ended(index: Int, member: FutureJob<T>): Decision {
        val policy = policy ?: return Decision.GO_ON // the group has ended meanwhile
        val outcome = outcomeNow(member) { member.markRead() }
        val answer: Decision? = policy.ended(index, outcome)
        requireArgument(answer, "the decision of $verb") { "return GO_ON, CONCLUDE or STOP" }
        return answer!!
    }

    override fun reason(decider: FutureJob<T>, label: String) = "$label was enough for $verb"

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>): Throwable? = null

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any? =
        policy!!.result()
}
