package io.github.coro4j.internal.gather.group

import io.github.coro4j.GatherPolicy.Decision
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.gather.policy.AtTimeout
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.gather.policy.UserPolicy
import io.github.coro4j.internal.gather.policy.attachFailures
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.Group
import io.github.coro4j.internal.job.GroupPhase.CONCLUDED
import io.github.coro4j.internal.job.GroupPhase.PENDING
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.TaskJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UnreadFailure
import io.github.coro4j.internal.job.asFailure
import io.github.coro4j.internal.job.original
import io.github.coro4j.internal.job.reasonOf
import io.github.coro4j.spi.Label
import java.util.concurrent.CancellationException
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicReference

/**
 * The future of a group. Its end depends on its members, so a cancel reaches it before them. The
 * subclass that counts the ends calls [memberEnded] for each member, and [finish] after the last.
 *
 * One compare-and-set makes the [GroupDecision] before the last member has ended. A cancel that
 * comes before it wins.
 */
internal abstract class GroupJob<T, R>(
    owner: JobOwner,
    internal val policy: Policy<T, R>,
    private var settings: GroupSettings,
) : FutureJob<R>(owner), Group {
    /** The members whose ends the policy needs, in order. */
    abstract val members: List<FutureJob<T>>

    /** The jobs that a cancel must reach. */
    protected open val reachable: List<FutureJob<*>>
        get() = members

    /** Number of children that there will be, or -1 if unknown. */
    abstract val size: Int

    /** Number of children that are known so far. */
    open val known: Int
        get() = size

    /** Number of children that are not made yet, or 0 if unknown. */
    open val unmade: Int
        get() = 0

    open val unmadeProgress: Progress
        get() = Progress.WITHOUT_PERMIT

    /**
     * Claims a child that has not begun. The caller must run it or hand it over. Returns null if
     * there is none to claim.
     */
    open fun aUnbegunBody(): BodyJob<*>? = null

    final override fun queuedBody(executor: Executor): BodyJob<*>? =
        if (scope.executor === executor) aUnbegunBody() else null

    /** Returns how many members are running when [done] ends have been reported. */
    abstract fun countRunning(done: Long): Long

    /** What has decided the group before its last member has ended, or null. */
    private val decision = AtomicReference<GroupDecision?>()

    /** Null if there is no limit, and after the end. */
    @Volatile private var timeout: GroupTimeout? = settings.timeout?.let { GroupTimeout(this, it) }

    /** True if the group runs user code for each child. */
    protected open val hasBodies: Boolean
        get() = false

    /**
     * What the thread that called the policy held, captured once for all user code of the group;
     * null if nothing is carried.
     */
    @Volatile
    @JvmField
    internal var captured: Any? =
        if (hasBodies || settings.progress != null || policy is UserPolicy)
            owner.scope.propagators?.capture {
                val which = settings.name?.let { Label.of("gather", it) } ?: "a gather"
                "${policy.verb} of $which was not called in ${owner.scope.toLabel()}"
            }
        else null

    /** The calls of user code at the ends of members; null if there are none. */
    private var calls: GroupCallbacks<T, R>? =
        if (settings.progress != null || policy is UserPolicy)
            GroupCallbacks(this, policy, settings.progress)
        else null

    /** The start of the group, by the [CoarseClock]. */
    final override val startedAt: Long = owner.scope.engine.clock.nanos()

    final override val attachesAs: Any
        get() = policy.attaches

    final override val isMarkedFirst: Boolean
        get() = true

    final override val kind: String
        get() = "gather"

    init {
        label = settings.name
    }

    @Volatile private var hasStopped = false

    /** True once the scope has ended, so that the group does not wait for members elsewhere. */
    @Volatile protected var isWithoutOthers = false

    /** Why the group has stopped, if it was not cancelled. Written before [hasStopped]. */
    private var stoppedFor: String? = null

    /** True if no more members may begin. A group that has failed may let its members run on. */
    val isStopping: Boolean
        get() = hasStopped || isCancelRequested || decision.get() is GroupDecision.Stop

    /** The reason for members that are stopped before user code could see them. */
    protected val stopReason: String?
        get() =
            when {
                isCancelRequested -> reasonOf(this)
                hasStopped -> stoppedFor
                else -> (decision.get() as? GroupDecision.Stop)?.let(::reasonFor)
            }

    private fun reasonFor(stop: GroupDecision.Stop): String {
        @Suppress("UNCHECKED_CAST") val member = stop.decider as FutureJob<T>
        return policy.reason(member, labelOf(member))
    }

    protected fun stop(reason: String?) {
        stoppedFor = reason
        hasStopped = true
        stopped()
    }

    protected val keepsMembers: Boolean
        get() = policy.keepsMembers

    protected val showsUnbegun: Boolean
        get() = policy.showsUnbegun

    // ---- time

    /** Starts the timer. Called once, after the members have been started. */
    protected fun startTimer() {
        timeout?.start()
    }

    /** True if the group was decided or cancelled, so that the time limit comes too late. */
    val isDecided: Boolean
        get() = decision.get() != null || isCancelled

    /** Makes a child for each of [unmade], so that each of them has an end. */
    protected open fun makeUnmade() = Unit

    /** Ends the group, or stops its members, because the time limit has passed. */
    fun expire(limit: String) {
        if (!decision.compareAndSet(null, GroupDecision.TimedOut)) return
        if (policy.atTimeout == AtTimeout.CONCLUDE) return concludeInTurn()
        // Make the children before the stop, because afterwards no more can be made.
        if (policy.atTimeout == AtTimeout.KEEP) makeUnmade()
        val late = "${toLabel()} timed out after $limit"
        val unbegun = "not started when $late"
        ThreadState.later {
            stop(unbegun)
            val all = reachable
            val begun = all.filterNot { it is TaskJob && it.cancelUnbegun(unbegun) }
            Cancels.cancelAll(begun, late, interrupt = true, TaskCancelledException(name(), late))
        }
    }

    // ---- decisions

    protected fun memberEnded(member: FutureJob<T>) {
        calls?.memberEnded(member)
        if (policy !is UserPolicy) decide(member, policy.ended(member))
    }

    fun decide(member: FutureJob<T>, answer: Decision) {
        if (answer == Decision.GO_ON || isCancelled) return
        val stop = if (answer == Decision.STOP) GroupDecision.Stop(member) else null
        if (!decision.compareAndSet(null, stop ?: GroupDecision.Conclude(member))) return
        // Do not decide on the member's stack, because groups nest to any depth.
        ThreadState.handOn(member.scope) {
            if (stop == null) concludeInTurn() else stopAll(reasonFor(stop)) { it !== member }
        }
    }

    fun eachMember(visit: (Int, FutureJob<T>) -> Unit) = members.forEachIndexed(visit)

    /**
     * Stops the group because something other than a member's end keeps it from going on. Returns
     * false if it was cancelled or decided before.
     */
    fun breakOff(exception: Throwable): Boolean {
        if (isCancelled || !decision.compareAndSet(null, GroupDecision.Broken(exception)))
            return false
        ThreadState.later { stopAll("${toLabel()} failed") { true } }
        return true
    }

    private inline fun stopAll(reason: String, whom: (FutureJob<*>) -> Boolean) {
        stop(reason)
        val origin = TaskCancelledException(name(), reason)
        Cancels.cancelAll(reachable.filter(whom), origin.reason(), interrupt = true, origin)
    }

    /** Records the order of the members. Call it before a member can end. */
    protected fun placeMembers() {
        calls?.placeMembers()
    }

    /**
     * Handles a stop. [isStopping] is true now, and the caller then cancels the [reachable] jobs.
     */
    protected open fun stopped() = Unit

    /** Returns the name of [member] for the reason with which the others are cancelled. */
    protected open fun labelOf(member: FutureJob<T>) = member.toLabel()

    // ---- the end

    /** Ends the group, because the last member has ended. Does nothing if it has ended before. */
    protected fun finish() = ThreadState.later { concludeInTurn() }

    /** Ends the group after the pending calls of user code. */
    private fun concludeInTurn() = calls?.conclude() ?: conclude()

    /** Ends a group that was unreachable when its scope was closed. */
    protected fun abandon() {
        if (casPhase(PENDING, CONCLUDED)) endUnseen()
    }

    fun conclude() {
        if (!casPhase(PENDING, CONCLUDED)) return
        val seen = decision.get()
        if (seen == null && isCancelled) return endWith(getCancellationException())
        if (seen is GroupDecision.Broken) return failWith(seen.exception)
        if (seen === GroupDecision.TimedOut && policy.atTimeout == AtTimeout.FAIL)
            return failWith(timeout!!.exception!!)
        @Suppress("UNCHECKED_CAST") val decider = seen?.decider as FutureJob<T>?
        val surfacing = policy.surfacing(decider)?.failed
        // Take the failure before attaching the others, so that it is not reported without them.
        if (surfacing == null) end(decider, null) else surfacing.passOn { end(decider, surfacing) }
    }

    private fun end(decider: FutureJob<T>?, surfacing: UnreadFailure?) {
        val all = members
        val failure = policy.failure(decider, all)
        if (failure != null) return endWith(failure, surfacing ?: holderOf(original(failure), all))
        if (isCancelled) return endWith(getCancellationException())
        val value =
            try {
                if (policy is UserPolicy) inContext(this) { policy.value(decider, all) }
                else policy.value(decider, all)
            } catch (e: Throwable) {
                return failWith(e) // thrown by a policy of the user
            }
        succeedWith(value)
    }

    /**
     * Returns the unread end that holds [failure], or null. A cancelled member has none, because
     * the code that cancelled it, or closed its scope, knows.
     */
    private fun holderOf(failure: Throwable, members: List<FutureJob<*>>): UnreadFailure? =
        members.firstOrNull { it.isCompleted && it.failed?.exception === failure }?.failed

    private fun failWith(exception: Throwable) {
        policy.attachFailures(exception, members)
        endWith(asFailure(exception))
    }

    override fun afterCompletion(state: Any?) {
        timeout?.forgetTimer() // before the watchers are told: no timer outlives the group
        if (calls != null) {
            // Code that keeps the value must not keep the listener alive.
            calls = null
            settings = settings.copy(progress = null)
        }
        super.afterCompletion(state)
        // Keep only the end. No later decision may replace the first one.
        decision.set(GroupDecision.Over)
        timeout = null
        policy.forget()
    }

    // ---- cancelling

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        // Null if the group has failed before.
        val origin =
            if (isCancelled) getCancellationException() as? TaskCancelledException else null
        ThreadState.later {
            restoringRequest {
                stop(reason)
                Cancels.cancelAll(reachable, reason, interrupt, origin)
            }
        }
    }

    /**
     * Cancels the group. Its request still reaches the members of a group that has failed (R20),
     * but then this returns false, because the group is done.
     */
    final override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean {
        if (super.requestCancel(reason, interrupt, origin)) return true
        deliverIfNew(reason, interrupt)
        return false
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        for (member in reachable) if (!member.isCompleted) visit(member)
    }
}
