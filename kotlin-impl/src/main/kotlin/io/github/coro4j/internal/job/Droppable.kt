package io.github.coro4j.internal.job

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference

/** A job that follows existing futures, and that its scope does not keep alive. */
internal interface Droppable {
    /** Its place in the list of its scope; null while it is not listed. */
    var place: WeakJobEntry?
}

/** The place of a [Droppable] job in the list of its scope. */
internal abstract class WeakJobEntry(job: FutureJob<*>, queue: ReferenceQueue<Any>) :
    WeakReference<FutureJob<*>>(job, queue)

/**
 * Returns whether this job is in the list of its scope, when something that it follows has ended.
 *
 * The garbage collector clears the place of an unreachable job; after that only a finalizer can end
 * what the job follows. If the scope is still open, this lists the job again, so that a close waits
 * for its callbacks (R23). If not, or if the coroutine scope around it has ended, this returns
 * false, and the job must end.
 */
internal fun <J> J.isStillListed(): Boolean where J : FutureJob<*>, J : Droppable {
    val seen = place ?: return true
    if (seen.get() === this) return true
    synchronized(seen) {
        // The job has left the list, or another thread has listed it again.
        if (place !== seen) return true
        return scope.listAgain(this)
    }
}
