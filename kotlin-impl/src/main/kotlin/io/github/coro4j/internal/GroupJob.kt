package io.github.coro4j.internal

import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** A job whose end depends on that of its children: it is asked to stop before they are. */
internal abstract class GroupJob<T>(
    owner: Owner,
    context: CoroutineContext = EmptyCoroutineContext,
) : FutureJob<T>(owner, context) {
    final override val kind: String
        get() = "gather"

    /**
     * Children of a group that has failed can still be reached (R20); the answer is about the
     * group, which is done.
     */
    final override fun requestCancel(reason: String?, interrupt: Boolean): Boolean {
        if (super.requestCancel(reason, interrupt)) return true
        if (isNewRequest(interrupt)) onCancelRequest(reason, interrupt)
        return false
    }
}
