package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.JobBits.DISPATCHED
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.TaskJob

/** One child of a group. It runs the body of the group for one item. */
internal open class ItemJob<T>(
    source: BodiesSource<T>,
    protected val body: ItemBody<T>,
    final override val index: Int,
    item: Any,
) : TaskJob<T>(source), GroupChild {
    init {
        putSlot(item)
    }

    override fun call(body: Any?): T = this.body.apply(body!!, this)

    final override val ownContext: FailureContext?
        get() = body.failureContext

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (phase == NEW) (owner as BodiesSource<*>).holdersOfPermits(visit)
        else super.dependencies(visit)
    }

    override val waitsForPermitOf: String?
        get() = (owner as BodiesSource<*>).labelOfLimit().takeIf { phase == NEW }

    final override fun prepareUnshared() = queueUnshared()

    final override fun beginPrepared() = submit()

    final override fun begin(): Boolean = dispatch(DISPATCHED)

    final override val wasDispatched: Boolean
        get() = bits and DISPATCHED != 0

    override val unqueuedProgress: Progress
        get() = Progress.WITHOUT_PERMIT
}
