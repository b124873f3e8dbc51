@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.internal.Plan
import io.github.coro4j.internal.cancelAndAwaitAfter
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * The children in the order in which they end, each once, as futures that are done: what
 * [Gather.asCompleted] is to Java. Cold: the group begins when the flow is collected, which a
 * gather of bodies allows once. The collecting coroutine is suspended while nothing has ended.
 *
 * A collector that wants no more (`first`, `take`), or is cancelled, or fails, cancels the children
 * that have not ended; the flow ends when they have.
 *
 * ```
 * scope.gather(urls) { fetch(it) }.asFlow().collect { page -> show(page.outcome()) }
 * ```
 *
 * The flow fails with `IllegalStateException` if the bodies have been started before, and with the
 * group's own failure or cancellation if children are missing because of it.
 *
 * **Against asyncio.** As iterating over `as_completed` with `async for`, which yields the futures
 * that were passed in; leaving that loop cancels nothing.
 */
@JvmSynthetic
public fun <T> Gather<T>.asFlow(): Flow<Future<T>> {
    val plan =
        this as? Plan<T, *>
            ?: throw IllegalArgumentException("a ${javaClass.name} is no gather of this engine")
    return inOrderOfCompletion(plan)
}

private fun <T> inOrderOfCompletion(plan: Plan<T, *>) = flow {
    val completions = plan.asCompleted()
    val group = completions.group
    var failure: Throwable? = null
    try {
        while (true) emit(completions.takeSuspending() ?: break)
    } catch (e: Throwable) {
        failure = e
        throw e
    } finally {
        group.cancelAndAwaitAfter(
            failure,
            "the flow of ${group.toLabel()} was collected no further",
        )
    }
}
