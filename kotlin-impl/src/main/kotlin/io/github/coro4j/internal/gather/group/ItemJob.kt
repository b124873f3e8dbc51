package io.github.coro4j.internal.gather.group

import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.TaskJob
import java.util.concurrent.atomic.AtomicInteger

/** One child of a group. It runs the body of the group for one item. */
internal class ItemJob<T>(
    source: BodiesSource<T>,
    private val body: ItemBody<T>,
    @JvmField val index: Int,
    item: Any,
) : TaskJob<T>(source) {
    init {
        putSlot(item)
    }

    override fun call(body: Any?): T = this.body.apply(body!!, this)

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (phase == NEW) (owner as BodiesSource<*>).holdersOfPermits(visit)
        else super.dependencies(visit)
    }

    override val unqueuedProgress: Progress
        get() = Progress.WITHOUT_PERMIT
}

/** What the children of one group run: the function of the user, in the context of the group. */
internal class ItemBody<T>(function: ThrowingFunction<Any, T>) {
    @Volatile private var function: ThrowingFunction<Any, T>? = function
    private var context: GroupContext? = null

    /** Number of running bodies; null unless there is a progress listener. */
    private var running: AtomicInteger? = null

    /** Takes what it needs of [group], before a child is made. */
    fun attach(group: GroupJob<*, *>) {
        context = group.userContext
        if (group.reportsProgress) running = AtomicInteger()
    }

    fun countRunning(): Long = running!!.get().toLong()

    fun apply(item: Any, child: ItemJob<T>): T {
        val running = running ?: return call(item, child)
        running.incrementAndGet()
        try {
            return call(item, child)
        } finally {
            running.decrementAndGet()
        }
    }

    private fun call(item: Any, child: ItemJob<T>): T =
        context.run(child) { function!!.apply(item) }

    /** Releases the function and the context, once all children have ended. */
    fun forget() {
        function = null
        context?.forget()
    }
}
