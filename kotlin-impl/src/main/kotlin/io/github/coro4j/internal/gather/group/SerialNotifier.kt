package io.github.coro4j.internal.gather.group

import io.github.coro4j.FailureReport
import io.github.coro4j.GatherPolicy.Decision
import io.github.coro4j.GatherProgress
import io.github.coro4j.ProgressListener
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.SerialCallbacks
import io.github.coro4j.internal.job.exceptionOf
import io.github.coro4j.internal.job.report
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * Calls user code at the end of each member: the progress listener, and a policy of the user. The
 * calls are callbacks, one after the other, in the order in which the members ended. The end of the
 * group has its turn among them. So no call comes after the end, and the end waits for a running
 * call.
 */
internal class SerialNotifier<T>(
    private val group: GroupJob<T, *>,
    private val listener: ProgressListener?,
) : SerialCallbacks(group.scope.callbackExecutor), MemberNotifier<T> {
    private val policy = group.policy

    /** Members that have ended, [TIMED_OUT], and [END] for the end of the group. */
    private val turns = ConcurrentLinkedQueue<Any>()
    private val waiting = AtomicInteger()
    private val isHandedOver = AtomicBoolean(true)

    // Only the thread that runs [calls] uses these fields.
    private var done = 0L
    private var failed = 0L
    private var isOver = false

    /** The members that still stopped at the timeout. The policy has their outcome already. */
    private var stopping: Set<FutureJob<T>> = emptySet()

    /** Number of ends of other members, and the number at which a group ends after its timeout. */
    private var seen = 0
    private var endsAt = -1

    /** True once the user's policy has answered something other than GO_ON, or has thrown. */
    private var hasAnswered = false

    override val job: FutureJob<*>
        get() = group

    override val asksPolicy: Boolean
        get() = policy.runsUserCode && waiting.get() != 0

    override fun memberEnded(group: GroupJob<T, *>, member: FutureJob<T>) {
        add(member)
        if (!policy.runsUserCode) group.decideBy(member, policy.ended(NO_INDEX, member))
    }

    override fun concludeTimedOut(group: GroupJob<T, *>) {
        if (policy.runsUserCode) add(TIMED_OUT) else conclude(group)
    }

    override fun conclude(group: GroupJob<T, *>) = add(END)

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
                when {
                    turn === END -> end()
                    turn === TIMED_OUT -> askAboutTheRest()
                    else -> @Suppress("UNCHECKED_CAST") notify(turn as FutureJob<T>)
                }
            }
            val left = waiting.get() - taken
        } while (left != 0 || !waiting.compareAndSet(taken, 0))
    }

    private fun end() {
        group.conclude()
        // A cancelled group may wait for more ends.
        isOver = group.isCompleted
    }

    /**
     * Tells the policy of the members that still stop. The others have ended, and the group ends
     * after their turns.
     */
    private fun askAboutTheRest() {
        val rest = group.source.stillStopping
        stopping = HashSet(rest)
        for (member in rest) askPolicy(member)
        clearInterrupt()
        endsAt = group.source.known - rest.size
        if (seen >= endsAt) end()
    }

    private fun notify(member: FutureJob<T>) {
        if (isOver || group.isCompleted) return
        if (listener != null) reportProgress(listener, member)
        clearInterrupt()
        if (member in stopping) return
        if (policy.runsUserCode) askPolicy(member)
        clearInterrupt()
        if (++seen == endsAt) end()
    }

    private fun reportProgress(listener: ProgressListener, member: FutureJob<T>) {
        done++
        if (exceptionOf(member) != null) failed++
        val running = group.source.countRunning(done)
        try {
            val size = group.source.size.toLong()
            val progress = GatherProgress(done, failed, running, size, member.handle())
            group.userContext.runCallback(group) { listener.progressed(progress) }
        } catch (e: Throwable) {
            reportThrown(e)
        }
    }

    private fun reportThrown(exception: Throwable) =
        group.scope.report(
            FailureReport.Kind.CALLBACK_FAILED,
            group,
            exception,
            group.userContext?.failureContext,
        )

    private fun askPolicy(member: FutureJob<T>) {
        if (group.isCancelled || hasAnswered) return
        try {
            val index = group.source.indexOf(member)
            val decision = group.userContext.run(group) { policy.ended(index, member) }
            if (decision == Decision.GO_ON) return
            hasAnswered = true
            group.decideBy(member, decision)
        } catch (e: Throwable) {
            hasAnswered = true
            // If the group was cancelled, or fails for another reason, the exception comes too
            // late.
            if (!group.policyThrew(e)) reportThrown(e)
        }
    }

    private companion object {
        val END = Any()
        val TIMED_OUT = Any()
    }
}
