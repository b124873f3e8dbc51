@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.internal.coroutine.cancelAndAwaitAfter
import io.github.coro4j.internal.gather.GatherPlan
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * Returns a flow of the children: futures that are done, each once, in the order in which they end.
 * Java has [Gather.asCompleted] for this. The flow is cold: the group begins when the flow is
 * collected, and a gather of bodies can be collected once. The collecting coroutine is suspended
 * until the next child ends.
 *
 * If the collector stops early (`first`, `take`), fails or is cancelled, the children that have not
 * ended are cancelled. The flow ends when they have ended.
 *
 * ```
 * scope.gather(urls) { fetch(it) }.asFlow().collect { page -> show(page.outcome()) }
 * ```
 *
 * The flow fails with `IllegalStateException` if the bodies were started before. It fails with the
 * group's own failure or cancellation if children are missing because of it.
 */
@JvmSynthetic
public fun <T> Gather<T>.asFlow(): Flow<Future<T>> {
    val plan =
        this as? GatherPlan<T, *>
            ?: throw IllegalArgumentException("a ${javaClass.name} is no gather of this engine")
    return inOrderOfCompletion(plan)
}

private fun <T> inOrderOfCompletion(plan: GatherPlan<T, *>) = flow {
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
            "the flow of ${group.toLabel()} is no longer collected",
        )
    }
}
