package io.github.coro4j.internal.gather.policy

import io.github.coro4j.Gather.When
import io.github.coro4j.GatherPolicy.Decision
import io.github.coro4j.Outcome
import io.github.coro4j.Partition
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.Group
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.asFailure
import io.github.coro4j.internal.job.exceptionOf
import io.github.coro4j.internal.job.outcomeEnd
import io.github.coro4j.internal.job.outcomeList
import io.github.coro4j.internal.job.resultList
import java.util.Collections
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/** What happens to a group at its timeout. */
internal enum class AtTimeout {
    /** The members that have not ended are cancelled, and the group fails at once. */
    FAIL,

    /**
     * The members that have not ended are cancelled, and the group succeeds at once with what is
     * there.
     */
    KEEP,

    /** The members that have not ended are cancelled, and the group ends after them. */
    WAIT,

    /** The group succeeds with what is there, and the members that have not ended run on. */
    CONCLUDE,
}

/** Decides when a group ends, and with what. Each started group has its own policy. */
internal abstract class Policy<T, R>(val verb: String) {
    /**
     * Says what the end of [member] means for the group. The thread that ended the member calls
     * this, so several threads may call it at once. If [runsUserCode], it is called as a callback
     * instead, for one member after the other, and only then is [index] the index of the member.
     */
    abstract fun ended(index: Int, member: FutureJob<T>): Decision

    /** True if [ended] and [value] run code of the user. */
    open val runsUserCode: Boolean
        get() = false

    open val atTimeout: AtTimeout
        get() = AtTimeout.FAIL

    /** True if the group ends at [Decision.STOP], and not when the stopped members have ended. */
    open val isPrompt: Boolean
        get() = false

    /** True if the group ends only after all its members, unless there is a timeout. */
    open val waitsForAll: Boolean
        get() = false

    /** True if the group may end as soon as some members have succeeded. */
    open val endsByFew: Boolean
        get() = isPrompt

    /** True if the end of the group needs members that have ended. */
    open val keepsMembers: Boolean
        get() = true

    /** The object that identifies the group in [SharedFailures]. */
    open val attaches: Any
        get() = this

    /** True if the value of the group shows members that have not begun. */
    open val showsUnbegun: Boolean
        get() = false

    /** Returns why [decider], called [label] in messages, stops the others. */
    open fun reason(decider: FutureJob<T>, label: String): String =
        if (exceptionOf(decider) == null) "$label succeeded" else "$label failed"

    /**
     * Returns the exception with which the group fails, or null. [decider] is the member whose end
     * gave another decision than [Decision.GO_ON]. If it is null, all members have ended or the
     * time is over.
     */
    abstract fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>): Throwable?

    /** Returns the member whose failure becomes that of the group in [failure], or null. */
    open fun surfacing(decider: FutureJob<T>?): FutureJob<T>? = null

    /** Releases members and objects of the user, after the end of the group. */
    open fun forget() = Unit

    /** Returns the value of the group, or a [GroupEnd] that holds it. */
    abstract fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any?
}

internal class All<T> : Policy<T, List<T>>("all()") {
    override fun ended(index: Int, member: FutureJob<T>) =
        if (exceptionOf(member) == null) Decision.GO_ON else Decision.CONCLUDE

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>) =
        decider?.let(::surface)

    override fun surfacing(decider: FutureJob<T>?) = decider

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>) = resultList(members)
}

internal class FailFast<T> : Policy<T, List<T>>("failFast()") {
    override fun ended(index: Int, member: FutureJob<T>) =
        if (exceptionOf(member) == null) Decision.GO_ON else Decision.STOP

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>) = decider?.let {
        surfaceBeside(it, members)
    }

    override fun surfacing(decider: FutureJob<T>?) = decider

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>) = resultList(members)
}

internal class Settled<T> : Policy<T, List<Outcome<T>>>("settled()") {
    override val waitsForAll = true

    override val atTimeout: AtTimeout
        get() = AtTimeout.KEEP

    override fun ended(index: Int, member: FutureJob<T>) = Decision.GO_ON

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>): Throwable? = null

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>) = outcomeList(members)
}

internal class FirstDone<T> : Policy<T, Outcome<T>>("firstDone()") {
    override val isPrompt: Boolean
        get() = true

    override fun ended(index: Int, member: FutureJob<T>) = Decision.STOP

    override fun reason(decider: FutureJob<T>, label: String) = "$label was done first"

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>): Throwable? =
        if (decider == null) noChild(verb) else null

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>) = outcomeEnd(decider!!)
}

/**
 * Counts ends, and remembers the first member that failed. Its failure surfaces if too many members
 * have failed. If [size] is unknown, failures decide only after all members have ended.
 *
 * Each end decides once the quorum is reached, and the first decision counts. If only the thread
 * that reaches it decided, other threads could begin more members until that thread goes on.
 */
internal abstract class Quorum<T, R>(verb: String, private val enough: Int, size: Int) :
    Policy<T, R>(verb) {
    private val mayFail = if (size < 0) Int.MAX_VALUE else size - enough
    private val succeeded = AtomicInteger()
    private val failed = AtomicInteger()
    private val firstFailure = AtomicReference<FutureJob<T>?>()

    override val isPrompt: Boolean
        get() = true

    override fun ended(index: Int, member: FutureJob<T>): Decision {
        val decides =
            if (exceptionOf(member) == null) {
                succeeded.incrementAndGet() >= enough
            } else {
                firstFailure.compareAndSet(null, member)
                failed.incrementAndGet() > mayFail
            }
        return if (decides) Decision.STOP else Decision.GO_ON
    }

    override fun forget() = firstFailure.set(null)

    override fun surfacing(decider: FutureJob<T>?): FutureJob<T>? =
        if (decider != null && exceptionOf(decider) == null) null else firstFailure.get()

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>): Throwable? {
        if (decider != null && exceptionOf(decider) == null) return null
        val first = firstFailure.get()
        if (first != null) return surfaceBeside(first, members)
        return if (succeeded.get() == 0) noChild(verb)
        else
            NoSuchElementException(
                "$verb needs $enough children, but the items ended after ${succeeded.get()}"
            )
    }
}

internal open class FirstSuccess<T, R>(size: Int, verb: String = "firstSuccess()") :
    Quorum<T, R>(verb, 1, size) {
    override fun reason(decider: FutureJob<T>, label: String) = "$label succeeded first"

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>) = decider!!.end
}

internal class AtLeast<T>(private val enough: Int, size: Int) :
    Quorum<T, List<T>>("atLeast($enough)", enough, size) {
    override fun reason(decider: FutureJob<T>, label: String) =
        if (exceptionOf(decider) == null) "$enough have succeeded, $label last"
        else "$enough can no longer succeed, since $label failed"

    /** The members whose results are the value. Other members may succeed later. */
    var successful: List<FutureJob<T>> = emptyList()
        private set

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any {
        successful = members.filter { it.isDone && exceptionOf(it) == null }
        return resultList(successful)
    }

    override fun forget() {
        super.forget()
        successful = emptyList()
    }
}

internal class Until<T>(private val condition: When) :
    Policy<T, Partition<T>>("until(${condition.name})") {
    override val waitsForAll: Boolean
        get() = condition == When.ALL_DONE

    override val endsByFew: Boolean
        get() = !waitsForAll

    override val atTimeout: AtTimeout
        get() = AtTimeout.CONCLUDE

    override val showsUnbegun: Boolean
        get() = true

    override fun ended(index: Int, member: FutureJob<T>): Decision {
        val isMet =
            when (condition) {
                When.FIRST_DONE -> true
                When.FIRST_FAILURE -> member.failed != null
                When.ALL_DONE -> false
            }
        return if (isMet) Decision.CONCLUDE else Decision.GO_ON
    }

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>): Throwable? = null

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Partition<T> {
        val (done, pending) = members.partition { it.isCompleted }
        return Partition(handles(done), handles(pending))
    }

    private fun handles(members: List<FutureJob<T>>): Set<JobHandle<T>> =
        Collections.unmodifiableSet(members.mapTo(LinkedHashSet()) { it.handle() })
}

/**
 * Returns the failure of a group without a child. The caller's thread checks for children before
 * the start, unless the items are read one by one.
 */
private fun noChild(verb: String) =
    NoSuchElementException("$verb needs a child, but the items ended before the first one")

/**
 * Makes the failure of the member the failure of the group. A cancelled member counts as failed,
 * because the group itself was not cancelled.
 */
private fun surface(member: FutureJob<*>): Throwable {
    member.markRead()
    return asFailure(exceptionOf(member)!!)
}

private fun Policy<*, *>.surfaceBeside(
    first: FutureJob<*>,
    members: List<FutureJob<*>>,
): Throwable {
    // A report has already shown this failure without the others, so the others stay unread.
    if (first.failed?.isReported == true) return surface(first)
    attachFailures(exceptionOf(first)!!, members.filter { it !== first }, first)
    return surface(first)
}

/**
 * Attaches the failures of ended [members] to [surfacing] (R17). Failures that cannot be attached
 * stay unread. [first] is the member that failed with [surfacing], or null.
 */
internal fun Policy<*, *>.attachFailures(
    surfacing: Throwable,
    members: List<FutureJob<*>>,
    first: FutureJob<*>? = null,
) {
    val failures = members.mapNotNull { if (it.isCompleted) it.failed else null }
    if (failures.isEmpty()) return
    // If the member is a group itself, its policy attached failures to the same exception before.
    val from: Any? = (first as? Group)?.attachesAs ?: first
    val shared = failures[0].scope.engine.sharedFailures
    val seen = shared.attachForReaders(surfacing, failures.map { it.exception }, attaches, from)
    for (failure in failures) if (failure.exception in seen) failure.markRead()
}
