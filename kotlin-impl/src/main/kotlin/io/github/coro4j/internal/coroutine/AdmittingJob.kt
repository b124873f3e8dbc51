@file:OptIn(InternalCoroutinesApi::class)
// kotlinx.coroutines marks the types of `attachChild` as deprecated for all but itself.
@file:Suppress("DEPRECATION_ERROR")

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.JobAlias
import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.ChildHandle
import kotlinx.coroutines.ChildJob
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Replaces [root] in the context of `asCoroutineScope()`, if the scope was made inside a coroutine
 * scope. It makes the job around wait for each coroutine that is launched (R28).
 *
 * kotlinx.coroutines reports a launch only by calling `attachChild` of the parent. Its own job
 * classes make that method final, so this class implements [Job] and delegates the rest to [root].
 * `NothingAfterTheJobTest` fails if kotlinx.coroutines stops calling `attachChild`.
 */
internal class AdmittingJob(override val root: CoroutineRootJob) : Job by root, JobAlias {
    override fun attachChild(child: ChildJob): ChildHandle {
        val handle = root.attachChild(child)
        // publish, then re-check: pairs with ParentCoroutineScope.release
        if (!root.scope.holdSurroundings()) {
            // The job around has completed, so no coroutine may run here. This cancels the new
            // child too, because it is attached already.
            root.scope.stopCoroutines()
            // Another thread may be stopping them, and would reach this child after its start.
            child.cancel(CancellationException("${root.scope.toLabel()} was closed"))
        }
        return Attached(handle)
    }

    /** Names this job as the parent, because a flow compares it with the job in its context. */
    private inner class Attached(handle: ChildHandle) : ChildHandle by handle {
        override val parent: Job
            get() = this@AdmittingJob
    }

    // The delegation to `root` would return `root` from these functions.

    override val key: CoroutineContext.Key<*>
        get() = Job

    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        @Suppress("UNCHECKED_CAST") if (key === Job) this as E else null

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext =
        if (key === Job) EmptyCoroutineContext else this

    override fun <R> fold(initial: R, operation: (R, CoroutineContext.Element) -> R): R =
        operation(initial, this)

    override fun plus(context: CoroutineContext): CoroutineContext = super<Job>.plus(context)

    override fun toString(): String = root.toString()
}
