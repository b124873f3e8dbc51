package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.TaskJob

/** One child of a group. It runs the body of the group for one item. */
internal class ItemJob<T>(
    private val group: BodiesGroup<T, *>,
    @JvmField val index: Int,
    item: Any,
) : TaskJob<T>(group) {
    init {
        putSlot(item)
    }

    override fun call(body: Any?): T = group.apply(body!!, this)

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (phase == NEW) group.holdersOfPermits(visit) else super.dependencies(visit)
    }

    override val unqueuedProgress: Progress
        get() = Progress.WITHOUT_PERMIT
}
