package io.github.coro4j.internal.gather.group

import io.github.coro4j.FailureReport
import io.github.coro4j.GatherPolicy.Decision
import io.github.coro4j.GatherProgress
import io.github.coro4j.ProgressListener
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.gather.policy.UserPolicy
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.SerialCallbacks
import io.github.coro4j.internal.job.exceptionOf
import java.util.IdentityHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * Calls user code at the end of each member of a group: the progress listener, and a policy of the
 * user. The calls are callbacks, one after the other, in the order in which the members ended. The
 * end of the group has its turn among them. So no call comes after the end, and the end waits for a
 * running call.
 */
internal class GroupCallbacks<T, R>(
    private val group: GroupJob<T, R>,
    private val policy: Policy<T, R>,
    private val listener: ProgressListener?,
) : SerialCallbacks(group.scope.callbackExecutor) {
    /** Members that have ended, and [END] for the end of the group. */
    private val turns = ConcurrentLinkedQueue<Any>()
    private val waiting = AtomicInteger()
    private val isHandedOver = AtomicBoolean(true)

    // Only the thread that runs [calls] uses these fields.
    private var done = 0L
    private var failed = 0L
    private var isOver = false
    private var places: IdentityHashMap<FutureJob<T>, ArrayDeque<Int>>? = null

    override val job: FutureJob<*>
        get() = group

    fun memberEnded(member: FutureJob<T>) = add(member)

    fun conclude() = add(END)

    private fun add(turn: Any) {
        turns.add(turn)
        if (waiting.getAndIncrement() != 0) return
        isHandedOver.set(false)
        submit()
    }

    override fun handOver(): Boolean = isHandedOver.compareAndSet(false, true)

    override fun calls() {
        var taken = 0
        do {
            repeat(waiting.get() - taken) {
                val turn = turns.remove()
                taken++
                if (turn === END) end() else @Suppress("UNCHECKED_CAST") tell(turn as FutureJob<T>)
            }
            val left = waiting.get() - taken
        } while (left != 0 || !waiting.compareAndSet(taken, 0))
    }

    private fun end() {
        isOver = true
        group.conclude()
    }

    private fun tell(member: FutureJob<T>) {
        if (isOver || group.isCompleted) return
        if (listener != null) report(member)
        clearInterrupt()
        if (policy is UserPolicy) ask(policy, member)
        clearInterrupt()
    }

    private fun report(member: FutureJob<T>) {
        done++
        if (exceptionOf(member) != null) failed++
        val running = group.countRunning(done)
        try {
            val progress =
                GatherProgress(done, failed, running, group.size.toLong(), member.handle())
            group.callbackInContext { listener!!.progressed(progress) }
        } catch (e: Throwable) {
            reportThrown(e)
        }
    }

    private fun reportThrown(exception: Throwable) =
        group.scope.report(FailureReport.Kind.CALLBACK_FAILED, group, exception)

    private fun ask(policy: UserPolicy<T, R>, member: FutureJob<T>) {
        if (group.isCancelled || policy.hasAnswered) return
        try {
            val place = placeOf(member)
            val decision = group.inContext(group) { policy.tell(place, member) }
            if (decision == Decision.GO_ON) return
            policy.hasAnswered = true
            group.decide(member, decision)
        } catch (e: Throwable) {
            policy.hasAnswered = true
            when {
                group.breakOff(e) -> Unit
                group.isCancelled -> reportThrown(e) // too late to be the group's end
                else -> policy.thrown = e
            }
        }
    }

    /** Records the order of the members. Call it before the group may forget ended members. */
    fun placeMembers() {
        if (policy !is UserPolicy) return
        val map = IdentityHashMap<FutureJob<T>, ArrayDeque<Int>>()
        group.eachMember { index, each -> map.getOrPut(each) { ArrayDeque(1) }.addLast(index) }
        places = map
    }

    /** Returns the index of [member]; if it was passed several times, the next of its indices. */
    private fun placeOf(member: FutureJob<T>): Int {
        if (member is ItemJob<*> && member.owner === group) return member.index
        val ofMember = places!!.getValue(member)
        return ofMember.removeFirst().also { if (ofMember.isEmpty()) places!!.remove(member) }
    }

    private companion object {
        val END = Any()
    }
}
