package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.gather.policy.attachFailures
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.UnreadFailure
import io.github.coro4j.internal.job.asFailure
import io.github.coro4j.internal.job.original

/** A job whose end [policy] computes from the ends of the members of [source]. */
internal abstract class PolicyJob<T, R>(
    owner: JobOwner,
    internal val source: MemberSource<T>,
    internal val policy: Policy<T, R>,
    settings: GroupSettings,
) : FutureJob<R>(owner) {
    /** True if a progress listener is called at the end of each member. */
    internal val reportsProgress = settings.progress != null

    /** The context for user code of the group; null if nothing is propagated. */
    @JvmField
    internal val userContext: GroupContext? =
        if (source.ownsMembers || reportsProgress || policy.runsUserCode)
            GroupContext.capture(scope, policy.verb, settings.name)
        else null

    init {
        label = settings.name
    }

    override val mayEndEarly: Boolean
        get() = !policy.waitsForAll && source.hasSeveralLeft

    override val endsByOne: Boolean
        get() = policy.endsByFew && source.hasSeveralLeft

    override val waitsForPermitOf: String?
        get() = source.limit?.toLabel().takeIf { source.waitsForPermit }

    final override val ownContext: FailureContext?
        get() = userContext?.failureContext

    /** Ends the group as its policy says. [decider] is the member whose end was enough, or null. */
    fun endByPolicy(decider: FutureJob<T>?) {
        val surfacing = policy.surfacing(decider)?.failed
        // Take the failure before attaching the others, so that it is not reported without them.
        if (surfacing == null) endBy(decider, null)
        else surfacing.passOn { passed -> endBy(decider, surfacing, passed) }
    }

    private fun endBy(
        decider: FutureJob<T>?,
        surfacing: UnreadFailure?,
        passed: FailureContext? = null,
    ) {
        val all = source.members
        val failure = policy.failure(decider, all)
        if (failure != null)
            return endWith(failure, surfacing ?: holderOf(original(failure), all), passed)
        if (isCancelled) return endWith(getCancellationException())
        val value =
            try {
                if (policy.runsUserCode) userContext.run(this) { policy.value(decider, all) }
                else policy.value(decider, all)
            } catch (e: Throwable) {
                return failWith(e) // thrown by a policy of the user
            }
        succeedWith(value)
    }

    /**
     * Returns the unread end that holds [failure], or null. A cancelled member has none, because
     * the code that cancelled it, or closed its scope, knows of it.
     */
    private fun holderOf(failure: Throwable, members: List<FutureJob<*>>): UnreadFailure? =
        members.firstOrNull { it.isCompleted && it.failed?.exception === failure }?.failed

    fun failWith(exception: Throwable) {
        policy.attachFailures(exception, source.members)
        endWith(asFailure(exception))
    }
}
