package io.github.coro4j.internal

import io.github.coro4j.Future
import io.github.coro4j.spi.Exceptions
import java.lang.ref.WeakReference
import java.util.Spliterator
import java.util.Spliterators.AbstractSpliterator
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Consumer
import java.util.stream.Stream
import java.util.stream.StreamSupport

/**
 * The children of a group in the order in which they end, each given out once, to whoever asks
 * first. It is what the consumers hold and wait for; the group's policy tells it of the children.
 */
internal class Completions<T> : Iterable<Future<T>>, Awaited {
    private val ended = ConcurrentLinkedQueue<FutureJob<T>>()
    private val count = AtomicInteger()
    private val sleepers = CopyOnWriteArrayList<Wake>()

    /** By who wanted no more. */
    @Volatile private var isClosed = false

    /** Set before anybody else sees this. */
    @Transient @get:JvmSynthetic @set:JvmSynthetic lateinit var group: GroupJob<*, *>

    private fun add(member: FutureJob<T>) {
        count.incrementAndGet() // first: who has taken all but one finds them counted
        ended.add(member)
        sleepers.forEach { it.run() }
    }

    /**
     * The policy. Its group is kept by each member that has not ended, so it must not keep what
     * has: the children belong to the consumers, and go when the last of these has left.
     */
    class Collecting<T>(consumers: Completions<T>) : Policy<T, Any?>("asCompleted()") {
        private val consumers = WeakReference(consumers)

        override val keepsMembers: Boolean
            get() = false

        override val atTimeout: AtTimeout
            get() = AtTimeout.KEEP

        override fun ended(member: FutureJob<T>): Verdict {
            consumers.get()?.add(member)
            return Verdict.GO_ON
        }

        override fun failure(
            decider: FutureJob<T>?,
            members: List<FutureJob<T>>,
        ): Throwable? = null

        override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any? = null
    }

    // ---- consumers

    override fun iterator(): Iterator<Future<T>> = Consumption()

    /** What [hasNext] has taken is for this iterator alone, so several may be used at once. */
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
        if (Waiting.waitFor(this, Runner.orNull(), Waiting.FOREVER) == Waiting.Ended.INTERRUPT)
            throw Waiting.interrupted("the next child of ${group.toLabel()}")
    }

    /** As [take], for a coroutine. */
    suspend fun takeSuspending(): Future<T>? = takeBy { awaitOver(this) }

    /** Null if all were given out. */
    private inline fun takeBy(waitForNext: () -> Unit): Future<T>? {
        while (true) {
            val isOver = group.isCompleted // before the look: then no other child comes
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

    /** Where children are missing, the end must not look as if those were all. */
    private fun refuseGap() {
        // A group that could not go on has a reason, which nobody else can read.
        group.failed?.let {
            group.markRead()
            throw Exceptions.completion(it.exception)
        }
        val end = group.end
        if (end is CancelledEnd && !isClosed && count.get() != group.size) throw end.cancellation
    }

    fun stream(): Stream<Future<T>> =
        StreamSupport.stream(InTurn(), false).onClose {
            isClosed = true
            group.wantedNoMore("the stream of ${group.toLabel()} was closed")
        }

    /** Not to be split: a part would take children that another one waits for. */
    private inner class InTurn :
        AbstractSpliterator<Future<T>>(Long.MAX_VALUE, Spliterator.ORDERED or Spliterator.NONNULL) {
        override fun tryAdvance(action: Consumer<in Future<T>>): Boolean {
            action.accept(take() ?: return false)
            return true
        }

        override fun trySplit(): Spliterator<Future<T>>? = null
    }

    // ---- Awaited: the next child

    @get:JvmSynthetic
    override val isOver: Boolean
        get() = ended.isNotEmpty() || group.isCompleted

    @get:JvmSynthetic
    override val kind: String
        get() = "next child"

    override fun name(): String = group.name()

    override fun toLabel(): String = "the next child of ${group.toLabel()}"

    override fun subscribe(wake: Wake) {
        sleepers.add(wake)
        group.watch(wake)
        // It may have come before the waiter was in the list.
        wake.run()
    }

    override fun unsubscribe(wake: Wake) {
        sleepers.remove(wake)
        group.unwatch(wake)
    }

    /**
     * One of many is enough to end this wait, so only the last one that is left can close a circle.
     */
    override fun dependencies(visit: (Awaited) -> Unit) {
        if (count.get() == group.size - 1) group.dependencies(visit)
    }

    /** The next child may be any of them. */
    override fun contributors(visit: (Awaited) -> Unit) = visit(group)

    override fun queuedOn(executor: Executor): BodyJob<*>? = group.queuedOn(executor)
}
