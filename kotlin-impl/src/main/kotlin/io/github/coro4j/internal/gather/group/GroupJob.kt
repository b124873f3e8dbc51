package io.github.coro4j.internal.gather.group

import io.github.coro4j.GatherPolicy.Decision
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.CancelledEnd
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.Droppable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.Group
import io.github.coro4j.internal.job.GroupPhase.CONCLUDED
import io.github.coro4j.internal.job.GroupPhase.PENDING
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WeakJobEntry
import io.github.coro4j.internal.job.cancelReason
import java.util.concurrent.CancellationException
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * The future of a group. Its [source] makes or watches the members, and reports each end once. Its
 * [policy] says what an end means, and computes the end of the group.
 *
 * The end of the group depends on its members, so a cancel reaches it before them. The first
 * [GroupDecision] before the last member's end counts. A cancel that comes before that decision
 * wins.
 */
internal class GroupJob<T, R>(
    owner: JobOwner,
    source: MemberSource<T>,
    policy: Policy<T, R>,
    settings: GroupSettings,
) : PolicyJob<T, R>(owner, source, policy, settings), Group, Droppable {
    /** What has decided the group before its last member has ended, or null. */
    @Volatile private var decision: GroupDecision<T>? = null

    /** Null if there is no limit, and after the end. */
    @Volatile
    private var timeout: GroupTimeout<T>? = settings.timeout?.let { GroupTimeout(this, it) }

    /** The place of a group of existing futures in the list of its scope; see [Droppable]. */
    @Volatile override var place: WeakJobEntry? = null

    private var notifier: MemberNotifier<T> =
        if (reportsProgress || policy.runsUserCode) SerialNotifier(this, settings.progress)
        else MemberNotifier.direct()

    /** The start of the group, by the time of the scope. */
    override val startedAt: Long = scope.time.coarseNanos()

    override val attachesAs: Any
        get() = policy.attaches

    override val isMarkedFirst: Boolean
        get() = true

    override val kind: String
        get() = "gather"

    /** Starts the group. Called once, on the thread that called the policy. */
    fun begin(): JobHandle<R> {
        source.attach(this)
        source.list()
        source.start()
        if (!isDone) timeout?.start()
        return handle()
    }

    // ---- decisions

    @Volatile private var hasStopped = false

    /** Why the group has stopped, if it was not cancelled. Written before [hasStopped]. */
    private var stoppedFor: String? = null

    /** True if no more members may begin. A group that has failed may let its members run on. */
    val isStopping: Boolean
        get() = hasStopped || isCancelRequested || decision?.isStop == true

    /** The reason for members that are stopped before user code could see them. */
    val stopReason: String?
        get() =
            when {
                isCancelRequested -> cancelReason(this)
                hasStopped -> stoppedFor
                else -> decision?.stopReason(this)
            }

    /** True if the group was decided or cancelled, so that the time limit comes too late. */
    val isDecided: Boolean
        get() = decision != null || isCancelled

    override val isUnsettled: Boolean
        get() =
            // Read the decision last, because a member decides before it is counted.
            source.isReporting && !policy.waitsForAll ||
                notifier.asksPolicy ||
                decision?.endsWithoutTheRest(this) == true

    /** Handles the end of [member]. The source calls this for each member. */
    fun memberEnded(member: FutureJob<T>) = notifier.memberEnded(this, member)

    /** Decides the group by what the policy has answered at the end of [member]. */
    fun decideBy(member: FutureJob<T>, answer: Decision) {
        if (answer == Decision.GO_ON) return
        cancelIfScopeCancelled { listOf(member) }
        if (isCancelled) return
        val made =
            if (answer == Decision.STOP) GroupDecision.Stop(member)
            else GroupDecision.Conclude(member)
        // Do not carry it out on the member's stack, because groups nest to any depth.
        if (replaceDecision(null, made))
            ThreadState.runOrDefer(member.scope) { made.carryOut(this) }
    }

    /** Cancels this group if the end of its scope has reached one of [members] first. */
    private inline fun cancelIfScopeCancelled(members: () -> List<FutureJob<T>>) {
        if (scope.isEnding && !isCancelled && members().any { it.end is CancelledEnd })
            scope.cancelIfEnding(this)
    }

    /** Makes the decision and carries it out on this thread, unless another was made before. */
    fun decide(made: GroupDecision<T>) {
        if (replaceDecision(null, made)) made.carryOut(this)
    }

    /**
     * Stops the group because something other than a member's end keeps it from going on. Returns
     * false if it was cancelled or decided before.
     */
    fun breakOff(exception: Throwable): Boolean {
        val made = GroupDecision.Broken<T>(exception)
        if (isCancelled || !replaceDecision(null, made)) return false
        ThreadState.runOrDefer { made.carryOut(this) }
        return true
    }

    /**
     * Makes the group fail with what a policy of the user has thrown, even if its time is over.
     * Returns false if the group was cancelled, or fails with another exception.
     */
    fun policyThrew(exception: Throwable): Boolean {
        if (breakOff(exception)) return true
        val seen = decision as? GroupDecision.TimedOut ?: return false
        return !isCancelled && replaceDecision(seen, GroupDecision.Broken(exception))
    }

    private fun replaceDecision(seen: GroupDecision<T>?, made: GroupDecision<T>): Boolean =
        DECISION.compareAndSet(this, seen, made)

    /** Sets [isStopping]. The caller then cancels the members. */
    fun stop(reason: String?) {
        stoppedFor = reason
        hasStopped = true
        source.stopped()
    }

    fun stopMembers(reason: String, except: FutureJob<*>?) {
        stop(reason)
        val origin = TaskCancelledException(name(), reason)
        val others = source.reachable.filter { it !== except }
        Cancels.cancelAll(others, origin.reason(), interrupt = true, origin)
    }

    // ---- the end

    /** True once the last member has ended. */
    @Volatile private var isFinished = false

    /** Ends the group, because the last member has ended. Does nothing if it has ended before. */
    fun finish() {
        isFinished = true
        ThreadState.runOrDefer { concludeInTurn() }
    }

    /** Ends the group after the pending calls of user code. */
    fun concludeInTurn() = notifier.conclude(this)

    /** Ends the group after a timeout, although some members still stop. */
    fun concludeTimedOut() = notifier.concludeTimedOut(this)

    /** Ends a group at its limit that has stopped before, unless it was cancelled (R32). */
    fun endAtLimit() {
        val decided = decision ?: return
        if (isCancelled || !decided.stopsMembers) return
        ThreadState.runOrDefer {
            // The thread that has decided may not have come so far yet.
            decided.carryOut(this)
            concludeTimedOut()
        }
    }

    /** Ends a group that was unreachable when its scope was closed. */
    fun abandon() {
        if (casPhase(PENDING, CONCLUDED)) endUnseen()
    }

    fun conclude() {
        val decided = decision
        if (decided == null) cancelIfScopeCancelled { source.members }
        // A cancel promises that nothing runs on. It came after a decision that does not wait.
        if (isCancelled && !isFinished && decided?.waitsIfCancelled(this) == true) return
        if (!casPhase(PENDING, CONCLUDED)) return
        when {
            decided != null -> decided.end(this)
            isCancelled -> endWith(getCancellationException())
            else -> endByPolicy(null)
        }
    }

    override fun afterCompletion(state: Any?) {
        timeout?.forgetTimer() // before the watchers run, so that no timer outlives the group
        // Code that keeps the value must not keep the listener alive.
        notifier = MemberNotifier.silent()
        super.afterCompletion(state)
        // Keep only the end. No later decision may replace the first one.
        decision = GroupDecision.over()
        timeout = null
        policy.forget()
        source.groupEnded()
    }

    override fun leaveOwner() = source.leaveScope()

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        val origin =
            if (isCancelled) getCancellationException() as? TaskCancelledException else null
        ThreadState.runOrDefer {
            restoringRequest {
                stop(reason)
                Cancels.cancelAll(source.reachable, reason, interrupt, origin)
            }
        }
    }

    /**
     * Cancels the group. Its request still reaches the members of a group that has failed (R20),
     * but then this returns false, because the group is done.
     */
    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean {
        if (super.requestCancel(reason, interrupt, origin)) return true
        deliverIfNew(reason, interrupt)
        return false
    }

    override fun ownerEnded(
        by: OwnerEnd,
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ) {
        // The group owns what its children follow, so a cancel of the starter is one of the group.
        val asRequest = source.ownsMembers && (by == OwnerEnd.STARTER || !source.leavesOthers)
        if (asRequest) return super.ownerEnded(by, reason, interrupt, origin)
        if (markCancelling(reason, origin) || source.ownsMembers) source.ownerEnded(by, reason)
    }

    // ---- members

    override fun sourceEnded(source: FutureJob<*>) =
        @Suppress("UNCHECKED_CAST") this.source.watchedEnded(source as FutureJob<T>)

    override fun dependencies(visit: (Awaitable) -> Unit) = source.dependencies(visit)

    override val endsInTime: Boolean
        get() = timeout != null

    override val needsThisThread: Boolean
        get() = needsCallsHere(reportsProgress || policy.runsUserCode) || needsBodiesHere()

    override fun eachSource(visit: (FutureJob<*>) -> Unit) {
        if (!source.ownsMembers) source.members.forEach(visit)
    }

    override fun queuedBody(executor: Executor): BodyJob<*>? =
        if (scope.executor === executor) source.claimUnbegun() else null

    override fun addTo(jobs: MutableList<FutureJob<*>>) {
        super.addTo(jobs)
        if (source.ownsMembers) source.reachable.filterNotTo(jobs) { it.isCompleted }
    }

    private companion object {
        val DECISION: AtomicReferenceFieldUpdater<GroupJob<*, *>, GroupDecision<*>?> =
            AtomicReferenceFieldUpdater.newUpdater(
                GroupJob::class.java,
                GroupDecision::class.java,
                "decision",
            )
    }
}
