package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.BoundCallbacks

/**
 * Returns whether this group, which [calls] user code at the end of each member, must make such a
 * call on the calling thread.
 */
internal fun GroupJob<*, *>.needsCallsHere(calls: Boolean): Boolean =
    calls && !isDone && BoundCallbacks.isBoundToThisThread(scope.callbackExecutor)

/**
 * Returns whether the calling thread alone can run what is left of this group: members that have
 * not begun, and none that another thread runs.
 */
internal fun GroupJob<*, *>.needsBodiesHere(): Boolean {
    if (!source.ownsMembers || endsInTime) return false
    if (!BoundCallbacks.onlyThisThreadRuns(scope.executor)) return false
    val begun = source.reachable.filterNot { it.isDone }
    return (begun.isNotEmpty() || source.unmade > 0) && begun.all { it.needsThisThread }
}
