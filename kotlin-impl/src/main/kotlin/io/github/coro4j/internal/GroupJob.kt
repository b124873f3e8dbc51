package io.github.coro4j.internal

import io.github.coro4j.ProgressListener
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.spi.Label
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicReference

/** What a plan says of the group beside its children and its policy. */
internal data class GroupSettings(
    val name: String? = null,
    val limit: Int = Int.MAX_VALUE,
    val timeout: Duration? = null,
    val progress: ProgressListener? = null,
)

/**
 * The future of a group: its end depends on that of its members, so it is asked to stop before they
 * are. Who counts the members' ends calls [memberEnded] for each, and [finish] after the last.
 *
 * What decides before the last member has ended does so by one compare-and-set: a member whose end
 * was what the policy waits for, the time, or a [Break]. A cancel of the group that comes before it
 * wins over all of them.
 */
internal abstract class GroupJob<T, R>(
    owner: Owner,
    internal val policy: Policy<T, R>,
    private var settings: GroupSettings,
) : FutureJob<R>(owner) {
    /** Those whose ends the policy needs, in order. */
    protected abstract val members: List<FutureJob<T>>

    /** Those that a cancel must reach. */
    protected open val reachable: List<FutureJob<*>>
        get() = members

    /** How many children there will be, or -1. */
    abstract val size: Int

    /** How many of them are known. */
    open val known: Int
        get() = size

    /** Children that are not even made yet, if it is known how many. */
    open val unmade: Int
        get() = 0

    open val unmadeProgress: Progress
        get() = Progress.WITHOUT_PERMIT

    /**
     * One of those that have not begun, which the caller runs or hands over; not if it is known.
     */
    open fun aUnbegunBody(): BodyJob<*>? = null

    /** How many members are at work, when somebody has been told of the end of [done]. */
    abstract fun countRunning(done: Long): Long

    /** A member, with which the group ends while others run on, a [Stop], [TIME], or a [Break]. */
    private val decision = AtomicReference<Any?>()

    /** The end of this member stops the others. */
    private class Stop<T>(val member: FutureJob<T>)

    /** The group cannot go on: it is stopped, and fails with this. */
    private class Break(val exception: Throwable)

    @Volatile private var timer: ScheduledFuture<*>? = null
    @Volatile private var timeout: TimeoutException? = null

    /** Runs user code for each of its children. */
    protected open val hasBodies: Boolean
        get() = false

    /**
     * What the thread held that called the policy, once for all user code of the group; null where
     * nothing is carried.
     */
    @Volatile
    private var carried: Any? =
        if (hasBodies || settings.progress != null || policy is UserPolicy)
            owner.scope.carriers?.capture {
                val which = settings.name?.let { Label.of("gather", it) } ?: "a gather"
                "${policy.verb} of $which was not called in ${owner.scope.toLabel()}"
            }
        else null

    /** Null where no user code is told of the members' ends. */
    private var calls: GroupCalls<T, R>? =
        if (settings.progress != null || policy is UserPolicy)
            GroupCalls(this, policy, settings.progress)
        else null

    /** By the [CoarseClock]; children of its own were started with it. */
    @JvmField val startedAt: Long = owner.scope.engine.clock.nanos()

    final override val kind: String
        get() = "gather"

    init {
        label = settings.name
    }

    @Volatile private var hasStopped = false

    /** True once the scope has ended, so that the group does not wait for members elsewhere. */
    @Volatile protected var isWithoutOthers = false

    /** Why, if it was not cancelled. Written before [hasStopped]. */
    private var stoppedFor: String? = null

    /** Nothing more is to begin. A group that has failed may let its members run on. */
    val isStopping: Boolean
        get() = hasStopped || isCancelRequested || decision.get() is Stop<*>

    /** For members that are stopped before anybody could see them. */
    protected val stopReason: String?
        get() =
            when {
                isCancelRequested -> reasonOf(this)
                hasStopped -> stoppedFor
                else -> decision.get().let { if (it is Stop<*>) reasonFor(it) else null }
            }

    private fun reasonFor(stop: Stop<*>): String {
        @Suppress("UNCHECKED_CAST") val member = stop.member as FutureJob<T>
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

    // ---- what is carried

    /** Runs [code] of the user's with what was captured, for [whose] body. */
    inline fun <V> carrying(whose: FutureJob<*>, code: () -> V): V {
        val captured = carried ?: return code()
        return owner.scope.carriers!!.around(captured, whose, code)
    }

    /** As [carrying], for a callback, which runs in any case. */
    inline fun carryingCallback(callback: () -> Unit) {
        val captured = carried ?: return callback()
        owner.scope.carriers!!.aroundCallback(captured, this, callback)
    }

    /** No user code of the group runs any more. */
    protected fun forgetCarried() {
        carried = null
    }

    // ---- time

    /** Once, after the members have been started. */
    protected fun startTimer() {
        val limit = settings.timeout ?: return
        try {
            timer = owner.scope.engine.timer.after(limit, ::expire)
        } catch (e: Throwable) {
            // The JVM has no thread for the timer. A group without its limit must not run on.
            breakOff(e)
        }
        // It ended before the line above.
        if (isCompleted) forgetTimer()
    }

    private fun forgetTimer() {
        timer?.cancel(false)
        timer = null
    }

    private fun expire() {
        if (decision.get() != null || isCancelled) return
        val limit = seconds(settings.timeout!!)
        val census = Census(members, unmade)
        timeout = TimeoutException("${toLabel()} timed out after $limit: $census")
        if (!decision.compareAndSet(null, TIME)) return
        if (policy.atTimeout == AtTimeout.CONCLUDE) return concludeInTurn()
        // First, while more children may come: who makes one later finds the group at its end.
        if (policy.atTimeout == AtTimeout.KEEP) makeUnmade()
        val late = "${toLabel()} timed out after $limit"
        val unbegun = "not started when $late"
        Runner.later {
            stop(unbegun)
            val all = reachable
            val begun = all.filterNot { it is TaskJob && it.cancelUnbegun(unbegun) }
            cancelAll(begun, late, interrupt = true, TaskCancelledException(name(), late))
        }
    }

    /** So that there is a child, with an end, for each of [unmade]. */
    protected open fun makeUnmade() = Unit

    // ---- decisions

    protected fun memberEnded(member: FutureJob<T>) {
        calls?.memberEnded(member)
        if (policy !is UserPolicy) decide(member, policy.ended(member))
    }

    fun decide(member: FutureJob<T>, verdict: Verdict) {
        if (verdict == Verdict.GO_ON || isCancelled) return
        val stop = if (verdict == Verdict.STOP) Stop(member) else null
        if (!decision.compareAndSet(null, stop ?: member)) return
        // Not on the member's stack: groups nest to any depth.
        Runner.handOn(member.scope) {
            if (stop == null) concludeInTurn() else stopAll(reasonFor(stop)) { it !== member }
        }
    }

    fun eachMember(visit: (Int, FutureJob<T>) -> Unit) = members.forEachIndexed(visit)

    /**
     * Something that is no member's end keeps the group from going on. False if that is no news: it
     * has been stopped, or decided.
     */
    fun breakOff(exception: Throwable): Boolean {
        if (isCancelled || !decision.compareAndSet(null, Break(exception))) return false
        Runner.later { stopAll("${toLabel()} failed") { true } }
        return true
    }

    private inline fun stopAll(reason: String, whom: (FutureJob<*>) -> Boolean) {
        stop(reason)
        val origin = TaskCancelledException(name(), reason)
        cancelAll(reachable.filter(whom), origin.reason(), interrupt = true, origin)
    }

    /** Records the order of the members. Call it before a member can end. */
    protected fun placeMembers() {
        calls?.placeMembers()
    }

    /** [isStopping] is true now, and those that can be seen are about to be cancelled. */
    protected open fun stopped() = Unit

    /** For the reason that the others are given. */
    protected open fun labelOf(member: FutureJob<T>) = member.toLabel()

    // ---- the end

    /** The last member has ended. Does nothing if the group has ended before. */
    protected fun finish() = Runner.later { concludeInTurn() }

    /** What user code is to be told of before it is told first. */
    private fun concludeInTurn() = calls?.conclude() ?: conclude()

    /** Ends a group that was unreachable when its scope was closed. */
    protected fun abandon() {
        if (advance(PENDING, CONCLUDED)) endUnseen()
    }

    fun conclude() {
        if (!advance(PENDING, CONCLUDED)) return
        val seen = decision.get()
        if (seen == null && isCancelled) return endWith(getCancellationException())
        if (seen is Break) return failWith(seen.exception)
        if (seen === TIME && policy.atTimeout == AtTimeout.FAIL) return failWith(timeout!!)
        @Suppress("UNCHECKED_CAST")
        val decider = (if (seen is Stop<*>) seen.member else seen) as? FutureJob<T>
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
                if (policy is UserPolicy) carrying(this) { policy.value(decider, all) }
                else policy.value(decider, all)
            } catch (e: Throwable) {
                return failWith(e) // thrown by a policy of the user's
            }
        succeedWith(value)
    }

    /** Not of a member that was cancelled: whoever cancelled it, or closed its scope, knows. */
    private fun holderOf(failure: Throwable, members: List<FutureJob<*>>): UnreadFailure? =
        members.firstOrNull { it.isCompleted && it.failed?.exception === failure }?.failed

    private fun failWith(exception: Throwable) {
        policy.attachFailures(exception, members)
        endWith(asFailure(exception))
    }

    override fun afterCompletion(state: Any?) {
        forgetTimer() // before anybody is told: nothing is left of it when the group has ended
        if (calls != null) {
            // Whoever keeps the value does not keep the listener.
            calls = null
            settings = settings.copy(progress = null)
        }
        super.afterCompletion(state)
        // The end is all that is kept. No later decision may take the place of the first.
        decision.set(OVER)
        timeout = null
        policy.forget()
    }

    // ---- cancelling

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        // Null if the group has failed before.
        val origin =
            if (isCancelled) getCancellationException() as? TaskCancelledException else null
        Runner.later {
            restoringRequest {
                stop(reason)
                cancelAll(reachable, reason, interrupt, origin)
            }
        }
    }

    /**
     * Members of a group that has failed can still be reached (R20); the answer is about the group,
     * which is done.
     */
    final override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean {
        if (super.requestCancel(reason, interrupt, origin)) return true
        passOnIfNew(reason, interrupt)
        return false
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        for (member in reachable) if (!member.isCompleted) visit(member)
    }

    private companion object {
        const val PENDING = 0
        const val CONCLUDED = 1
        val TIME = Any()
        val OVER = Any()
    }
}
