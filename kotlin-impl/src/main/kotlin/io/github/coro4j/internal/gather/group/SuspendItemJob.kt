package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.coroutine.CurrentTaskElement
import io.github.coro4j.internal.coroutine.SuspendTaskJob
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.BodyPhase.QUEUED
import io.github.coro4j.internal.job.JobBits.DISPATCHED
import io.github.coro4j.internal.job.Progress
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope

/** What the children of one group run: a suspend function, as a coroutine of its own. */
internal class SuspendBody<T>(
    private val context: CoroutineContext,
    function: suspend CoroutineScope.(Any) -> T,
) : ItemBody<T>() {
    @Volatile private var function: (suspend CoroutineScope.(Any) -> T)? = function

    override val isAsync: Boolean
        get() = true

    override val suitsWorkers: Boolean
        get() = false

    override fun newChild(source: BodiesSource<T>, index: Int, item: Any): SuspendItemJob<T> {
        val made = source.scope.contextForTask(captured, null, context)
        val child = SuspendItemJob(source, made, this, index, item)
        made[CurrentTaskElement]!!.job = child
        return child
    }

    /** Returns the body of the coroutine for [item]. */
    fun bodyFor(item: Any): suspend CoroutineScope.() -> T {
        val function = function!!
        return {
            runBegins()
            try {
                function(item)
            } finally {
                runEnds()
            }
        }
    }

    override fun forget() {
        function = null
        super.forget()
    }
}

/**
 * A child that runs a suspend function. It is the coroutine itself, so it holds no thread while it
 * is suspended. Before its turn it is in phase NEW, and a cancel ends it.
 */
internal class SuspendItemJob<T>(
    source: BodiesSource<T>,
    context: CoroutineContext,
    private val body: SuspendBody<T>,
    override val index: Int,
    item: Any,
) : SuspendTaskJob<T>(source, context, null), GroupChild {
    /** The item; null once the child has begun or ended. */
    private var item: Any? = item

    override val wasDispatched: Boolean
        get() = bits and DISPATCHED != 0

    override val hasNotBegun: Boolean
        get() = !hasBegun

    override fun prepareUnshared() = Unit

    override fun beginPrepared() {
        begin()
    }

    override fun begin(): Boolean {
        if (!casPhase(NEW, QUEUED or DISPATCHED)) return false
        val given = item!!
        item = null
        begin(body.bodyFor(given))
        return true
    }

    override fun cancelUnbegun(reason: String?): Boolean {
        if (hasBegun) return false
        // If it begins at this moment, the request reaches its code.
        requestCancel(reason, interrupt = true)
        return true
    }

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        if (!casPhase(NEW, ENDED)) return super.deliverCancel(reason, interrupt)
        item = null
        endWith(getCancellationException())
    }

    override val progress: Progress
        get() = if (phase == NEW) Progress.WITHOUT_PERMIT else super.progress

    override val waitsForPermitOf: String?
        get() = (owner as BodiesSource<*>).labelOfLimit().takeIf { phase == NEW }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (phase == NEW) (owner as BodiesSource<*>).holdersOfPermits(visit)
        else super.dependencies(visit)
    }
}
