package io.github.coro4j.internal.job

import io.github.coro4j.internal.job.JobBits.LISTED
import java.lang.ref.WeakReference

/**
 * The owner of one job that a body has started: its place in the list of [work], which guards all
 * fields.
 */
internal class StartedPlace(@JvmField val work: StartedWork) : JobOwner {
    /**
     * The job; null while this is not in the list. It is a weak reference if nothing waits for the
     * job, because its scope does not list it, or does not keep it alive.
     */
    private var content: Any? = null
    var earlier: StartedPlace? = null
    var later: StartedPlace? = null

    /** True once the job has ended, or is left to the scope. */
    var isGone = false

    val isLinked: Boolean
        get() = content != null

    val isWeak: Boolean
        get() = content is WeakReference<*>

    val job: FutureJob<*>?
        get() = content.let { if (it is WeakReference<*>) it.get() else it } as FutureJob<*>?

    fun put(job: FutureJob<*>) {
        content = if (job.bits and LISTED != 0) job else WeakReference(job)
    }

    /** Keeps the job alive, because its starter waits for it. */
    fun strengthen() {
        content = job
    }

    fun clear() {
        content = null
        earlier = null
        later = null
        isGone = true
    }

    override val scope: JobScope
        get() = work.scope

    override fun nameOf(job: FutureJob<*>): String = scope.nameOf(job)

    override fun started(job: FutureJob<*>) = work.add(this, job)

    override fun ended(job: FutureJob<*>) {
        try {
            scope.ended(job)
        } finally {
            work.remove(this)
        }
    }

    override fun left(job: FutureJob<*>) = work.remove(this)
}

/** Returns whether the body of [work] has started this job. */
internal fun FutureJob<*>.isStartedIn(work: StartedWork?): Boolean =
    work != null && owner.startedPlace?.work === work
