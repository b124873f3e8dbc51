package io.github.coro4j.internal.gather.group

import io.github.coro4j.Future
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.FutureJob
import java.util.concurrent.atomic.AtomicInteger

/** What the children of one group run: code of the user, in the context of the group. */
internal abstract class ItemBody<T> {
    private var context: GroupContext? = null

    /** Number of running children; null unless there is a progress listener. */
    private var running: AtomicInteger? = null

    /**
     * True if a child may be pending without a thread. Then any thread may end it, and it may
     * follow a future of another scope.
     */
    abstract val isAsync: Boolean

    /** True if the threads of a pool can take one child after the other; see [WorkerSource]. */
    open val suitsWorkers: Boolean
        get() = true

    /** The context for the report of a child's failure. */
    val failureContext: FailureContext?
        get() = context?.failureContext

    protected val captured: Any?
        get() = context?.captured

    /** Takes what it needs of [group], before a child is made. */
    fun attach(group: GroupJob<*, *>) {
        context = group.userContext
        if (group.reportsProgress) running = AtomicInteger()
    }

    abstract fun newChild(source: BodiesSource<T>, index: Int, item: Any): FutureJob<T>

    /** Runs the code of the user on the thread of an [ItemJob]. */
    open fun apply(item: Any, child: ItemJob<T>): T = error("$child runs no code on its own")

    protected inline fun <V> inContext(child: ItemJob<T>, code: () -> V): V =
        context.run(child, code)

    fun runBegins() {
        running?.incrementAndGet()
    }

    fun runEnds() {
        running?.decrementAndGet()
    }

    fun countRunning(): Long = running!!.get().toLong()

    /** Releases the code of the user and the context, once all children have ended. */
    open fun forget() {
        context?.forget()
    }
}

/** A function that does the work, and may block. */
internal class BlockingBody<T>(function: ThrowingFunction<Any, T>) : ItemBody<T>() {
    @Volatile private var function: ThrowingFunction<Any, T>? = function

    override val isAsync: Boolean
        get() = false

    override fun newChild(source: BodiesSource<T>, index: Int, item: Any) =
        ItemJob(source, this, index, item)

    override fun apply(item: Any, child: ItemJob<T>): T {
        runBegins()
        try {
            return inContext(child) { function!!.apply(item) }
        } finally {
            runEnds()
        }
    }

    override fun forget() {
        function = null
        super.forget()
    }
}

/** A function that starts the work, and returns a future of it. */
internal class AsyncBody<T>(function: ThrowingFunction<Any, out Future<out T>>) : ItemBody<T>() {
    @Volatile private var function: ThrowingFunction<Any, out Future<out T>>? = function

    override val isAsync: Boolean
        get() = true

    override fun newChild(source: BodiesSource<T>, index: Int, item: Any) =
        AsyncItemJob(source, this, index, item)

    override fun apply(item: Any, child: ItemJob<T>): T {
        runBegins()
        var isFollowing = false
        try {
            (child as AsyncItemJob<T>).follow(inContext(child) { function!!.apply(item) })
            isFollowing = true
        } finally {
            if (!isFollowing) runEnds()
        }
        @Suppress("UNCHECKED_CAST")
        return null as T
    }

    override fun forget() {
        function = null
        super.forget()
    }
}
