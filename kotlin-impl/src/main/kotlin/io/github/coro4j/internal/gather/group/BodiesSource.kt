package io.github.coro4j.internal.gather.group

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.forEachDespiteErrors
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.Group
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.ThreadState
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/**
 * Members that the group starts. It owns them, so it need not watch them: each child reports its
 * end to this owner, which counts the ends. The scope lists only the group, until its last child
 * has ended.
 */
internal abstract class BodiesSource<T>(protected val body: ItemBody<T>, expected: Int) :
    MemberSource<T>(), JobOwner {
    /**
     * Number of expected ends, plus one for the group itself. At one the group ends, at zero it
     * leaves its scope.
     */
    @Volatile private var remaining = expected + 1

    override val hasSeveralToReport: Boolean
        get() = unmade != 0 || remaining > if (isOpen) 3 else 2

    /** True if [remaining] counts one more end, for children that may come. */
    protected open val isOpen: Boolean
        get() = false

    final override val ownsMembers: Boolean
        get() = true

    final override val leavesOthers: Boolean
        get() = body.isAsync

    /** The name of the group in the message of a closed scope that refuses it. */
    protected open val verb: String
        get() = "gather"

    override fun attach(group: GroupJob<T, *>) {
        super.attach(group)
        body.attach(group)
    }

    final override fun list() = scope.list(group, verb)

    final override fun indexOf(member: FutureJob<T>): Int = member.asChild.index

    final override fun countRunning(done: Long): Long = body.countRunning()

    fun newChild(index: Int, item: Any): FutureJob<T> = body.newChild(this, index, item)

    /**
     * Cancels the children as parts of the scope, so that what they follow in other scopes is left
     * alone.
     */
    final override fun ownerEnded(by: OwnerEnd, reason: String?) = ThreadState.runOrDefer {
        group.stop(reason)
        val children = reachable
        val origin = group.getCancellationException() as? TaskCancelledException
        Cancels.markAllCancelling(children, reason, origin)
        children.iterator().forEachDespiteErrors { it.scopeEnded(reason, origin) }
    }

    @Suppress("UNCHECKED_CAST") // the other jobs read items
    final override val stillStopping: List<FutureJob<T>>
        get() = reachable.filter { it is GroupChild && !it.isDone } as List<FutureJob<T>>

    // ---- ends

    /** Passes the end of [child] on, and calls [afterwards] even after an error of the JVM. */
    protected inline fun childEnded(child: FutureJob<*>, afterwards: () -> Unit) {
        try {
            @Suppress("UNCHECKED_CAST") group.memberEnded(child as FutureJob<T>)
        } finally {
            afterwards()
        }
    }

    /** Adds one expected end. Call it only while another end is expected. */
    fun expect() {
        REMAINING.incrementAndGet(this)
    }

    /** Counts [count] expected ends. */
    fun countEnded(count: Int) {
        when (REMAINING.addAndGet(this, -count)) {
            1 -> group.finish() // does nothing if the group has failed before its last child
            0 -> {
                group.owner.ended(group)
                // Code that keeps the value must not keep what the bodies captured.
                body.forget()
                forgetChildren()
            }
        }
    }

    final override fun leaveScope() {
        // A failed group keeps only the children that a cancel must still reach, and no values.
        if (remaining > 1) forgetEnded()
        countEnded(1)
    }

    /** Releases the children that have ended, after the end of the group. */
    protected open fun forgetEnded() = Unit

    /** Releases all children, after the end of the group and of all children. */
    protected abstract fun forgetChildren()

    /** Returns the limit for a permit of which children wait, for messages. */
    fun labelOfLimit(): String = limit?.toLabel() ?: "the concurrency limit of ${group.toLabel()}"

    /** Visits what a child without a permit waits for. */
    open fun holdersOfPermits(visit: (Awaitable) -> Unit) = Unit

    // ---- the owner of the children

    final override val scope: JobScope
        get() = group.scope

    final override val asGroup: Group
        get() = group

    final override fun nameOf(job: FutureJob<*>): String = "${group.name()}[${job.asChild.index}]"

    private companion object {
        val REMAINING: AtomicIntegerFieldUpdater<BodiesSource<*>> =
            AtomicIntegerFieldUpdater.newUpdater(BodiesSource::class.java, "remaining")
    }
}
