package io.github.coro4j.internal

import io.github.coro4j.Future
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.withContext

/**
 * The future of a group of futures that exist: a coroutine that awaits them. It runs unconfined, on
 * the thread on which a child ends, which is safe for the stack however deep groups nest (kotlinx
 * queues nested unconfined resumptions), and runs no user code.
 */
internal class AwaitingGather<T>(
    scope: ScopeImpl,
    private val members: List<FutureJob<T>>,
    private val policy: Policy,
) : GroupJob<List<Any?>>(scope, Dispatchers.Unconfined) {
    fun begin(name: String?): Future<List<Any?>> {
        label = name
        scope.list(this, "gather")
        // The slot before the state, as in succeed(): whoever sees the state sees the value.
        start(CoroutineStart.UNDISPATCHED, this) { gather().also { slot = it } }
        return handle()
    }

    private suspend fun gather(): List<Any?> {
        val failure: Throwable
        try {
            if (policy == Policy.SETTLED) {
                members.joinAll()
                return settledList(members)
            }
            return resultList(members.awaitAll())
        } catch (e: Throwable) {
            failure = e
        }
        if (isCancelled) {
            // The children have been asked, by onCancelRequest; the group is done when the last one
            // has ended (R20).
            withContext(NonCancellable) { members.joinAll() }
            throw getCancellationException()
        }
        val first = firstFailed(failure)
        if (policy == Policy.FAIL_FAST) stopOthers(first)
        throw surface(first)
    }

    /**
     * Which child it was: under `-ea` awaitAll throws a copy, whose cause is the child's own
     * exception, and only the child's own may surface (R15).
     */
    private fun firstFailed(thrown: Throwable): FutureJob<T> {
        val ended = members.filter { it.isCompleted && exceptionOf(it) != null }
        return ended.firstOrNull {
            engineException(it) === thrown || engineException(it) === thrown.cause
        } ?: ended.first()
    }

    private suspend fun stopOthers(first: FutureJob<T>) {
        val reason = "${first.toLabel()} of ${toLabel()} failed"
        FutureJob.cancelAll(members.filter { it !== first }, reason, interrupt = true)
        withContext(NonCancellable) { members.joinAll() }
        surfaceBeside(first, members.filter { it !== first })
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        Runner.here().later { FutureJob.cancelAll(members, reason, interrupt) }
    }

    override fun dependencies(visit: (Awaited) -> Unit) = members.forEach {
        if (!it.isCompleted) visit(it)
    }
}

/** What a child of a group ended with, if not with a value. */
internal fun exceptionOf(child: FutureJob<*>): Throwable? =
    when (val end = child.end) {
        is UnreadFailure -> end.exception
        is CancelledEnd -> end.cancellation
        else -> null
    }

@OptIn(kotlinx.coroutines.ExperimentalCoroutinesApi::class)
private fun engineException(child: FutureJob<*>): Throwable? = child.getCompletionExceptionOrNull()

/**
 * The child's failure becomes the group's. A child that was cancelled counts as failed; the group
 * itself was not cancelled.
 */
internal fun surface(child: FutureJob<*>): Throwable {
    child.markRead()
    return asFailure(exceptionOf(child)!!)
}

/**
 * R17: the failures of other children are attached to the one that surfaces; where there is no room
 * for them, they stay unread.
 */
internal fun surfaceBeside(first: FutureJob<*>, others: List<FutureJob<*>>) {
    val failures = others.mapNotNull { it.failed }
    if (failures.isEmpty()) return
    val attached = attachAll(exceptionOf(first)!!, failures.map { it.exception })
    for (failure in failures) if (failure.exception in attached) failure.markRead()
}
