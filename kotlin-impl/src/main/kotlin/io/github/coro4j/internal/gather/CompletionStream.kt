package io.github.coro4j.internal.gather

import io.github.coro4j.Future
import io.github.coro4j.GatherPolicy.Decision
import io.github.coro4j.internal.coroutine.awaitOver
import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.gather.policy.AtTimeout
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.CancelledEnd
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.WaitQueue
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.unwatch
import io.github.coro4j.internal.job.watch
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.DeadlockDetector
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.spi.Exceptions
import java.lang.ref.WeakReference
import java.util.Spliterator
import java.util.Spliterators.AbstractSpliterator
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.function.Consumer
import java.util.stream.Stream
import java.util.stream.StreamSupport

/**
 * The children of a group in the order in which they end. Each is given out once, to the first
 * consumer that asks. Consumers hold this object and wait for it; the group's policy adds children.
 */
internal class CompletionStream<T> : Iterable<Future<T>>, Awaitable {
    private val ended = ConcurrentLinkedQueue<FutureJob<T>>()

    /** Number of members that were added. Written under the lock of [ended]. */
    @Volatile private var count = 0
    private val waiters = WaitQueue()

    /** True once a consumer has closed the stream. */
    @Volatile private var isClosed = false

    /** The group. Set before another thread can see this object. */
    @Transient @get:JvmSynthetic @set:JvmSynthetic lateinit var group: GroupJob<*, *>

    private fun add(member: FutureJob<T>) {
        // Together, because a look between the two would miss that the next child is here.
        synchronized(ended) {
            count++
            ended.add(member)
        }
        waiters.wakeAll()
    }

    /**
     * The policy of the group. Members that have not ended keep the group alive, so the policy must
     * not keep the ended members. Only consumers keep those, and once the last consumer is gone,
     * the garbage collector can free them.
     */
    class Collecting<T>(consumers: CompletionStream<T>) : Policy<T, Any?>("asCompleted()") {
        private val consumers = WeakReference(consumers)

        override val keepsMembers: Boolean
            get() = false

        override val atTimeout: AtTimeout
            get() = AtTimeout.WAIT

        override fun ended(index: Int, member: FutureJob<T>): Decision {
            consumers.get()?.add(member)
            return Decision.GO_ON
        }

        override fun failure(
            decider: FutureJob<T>?,
            members: List<FutureJob<T>>,
        ): Throwable? = null

        override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any? = null
    }

    // ---- consumers

    override fun iterator(): Iterator<Future<T>> = Consumption()

    /**
     * An iterator. No other iterator gives out what its [hasNext] took, so several may be used at
     * once.
     */
    private inner class Consumption : Iterator<Future<T>> {
        private var mine: Future<T>? = null

        override fun hasNext(): Boolean {
            if (mine == null) mine = take()
            return mine != null
        }

        override fun next(): Future<T> {
            val next = mine ?: take()
            mine = null
            return next
                ?: throw NoSuchElementException("all children of ${group.toLabel()} were given out")
        }
    }

    private fun take(): Future<T>? = takeBy {
        if (
            BlockingWait.waitFor(this, ThreadState.orNull(), BlockingWait.FOREVER) ==
                BlockingWait.Ended.INTERRUPT
        )
            throw WaitMessages.interrupted("the next child of ${group.toLabel()}")
    }

    /** Suspends until the next child has ended and takes it; see [take]. */
    suspend fun takeSuspending(): Future<T>? = takeBy { awaitOver(this) }

    /** Takes the next child, or returns null if all were given out. */
    private inline fun takeBy(waitForNext: () -> Unit): Future<T>? {
        while (true) {
            val isOver = group.isCompleted // read before the queue: then no other child comes
            ended.poll()?.let {
                return it.handle()
            }
            if (isOver) {
                refuseGap()
                return null
            }
            waitForNext()
        }
    }

    /** Throws if children are missing, because a consumer must not think that it has seen all. */
    private fun refuseGap() {
        // A group that could not go on has failed, and no other reader can see that failure.
        group.failed?.let {
            group.markRead()
            throw Exceptions.completion(it.exception)
        }
        val end = group.end
        if (end is CancelledEnd && !isClosed && count != group.source.size) throw end.cancellation
    }

    fun stream(): Stream<Future<T>> =
        StreamSupport.stream(InTurn(), false).onClose {
            isClosed = true
            group.wantedNoMore("the stream of ${group.toLabel()} was closed")
        }

    /** A spliterator that is never split, because a part would take children of another part. */
    private inner class InTurn :
        AbstractSpliterator<Future<T>>(Long.MAX_VALUE, Spliterator.ORDERED or Spliterator.NONNULL) {
        override fun tryAdvance(action: Consumer<in Future<T>>): Boolean {
            action.accept(take() ?: return false)
            return true
        }

        override fun trySplit(): Spliterator<Future<T>>? = null
    }

    // ---- Awaitable: the next child

    @get:JvmSynthetic
    override val isOver: Boolean
        get() = ended.isNotEmpty() || group.isCompleted

    @get:JvmSynthetic
    override val kind: String
        get() = "next child"

    override fun name(): String = group.name()

    override fun toLabel(): String = "the next child of ${group.toLabel()}"

    override fun subscribe(waiter: Waiter) = waiters.subscribe(waiter) { group.watch(waiter) }

    override fun unsubscribe(waiter: Waiter) {
        waiters.remove(waiter)
        group.unwatch(waiter)
    }

    /**
     * Visits the group when one child is left, or when all that are left wait for the consumer.
     * Otherwise any of several children can end the wait, so there is no circle.
     */
    @get:JvmSynthetic
    override val needsThisThread: Boolean
        get() = group.needsThisThread

    override fun dependencies(visit: (Awaitable) -> Unit) {
        val left = countLeft()
        if (left == 1 || left in 2..MOST_LOOKED_AT && doAllWaitForThis()) group.dependencies(visit)
    }

    private fun doAllWaitForThis(): Boolean {
        var all = group.source.unmade == 0
        group.dependencies { child ->
            // Do not ask other groups in the same way, because two could ask each other forever.
            if (all)
                all =
                    DeadlockDetector.walk(child, { !it.endsInTime }, ::lastOf) { it === this }
                        .containsKey(this)
        }
        return all
    }

    private fun lastOf(awaited: Awaitable, visit: (Awaitable) -> Unit) {
        if (awaited !is CompletionStream<*>) awaited.dependencies(visit)
        else if (awaited.countLeft() == 1) awaited.group.dependencies(visit)
    }

    /** True if a member has ended and is not in the stream yet. */
    @get:JvmSynthetic
    override val isUnsettled: Boolean
        get() = countLeft() > group.source.members.count { !it.isDone } + group.source.unmade

    /** Returns how many members have not ended, or 0 if the next child is here. */
    private fun countLeft(): Int =
        synchronized(ended) { if (ended.isEmpty()) group.source.size - count else 0 }

    /** Visits the group, because the next child may be any of its members. */
    override fun contributors(visit: (Awaitable) -> Unit) = visit(group)

    private companion object {
        /** Looking at more children costs too much, and they are rarely all blocked. */
        const val MOST_LOOKED_AT = 64
    }
}
