@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.coroutine.cancelAndAwaitAfter
import io.github.coro4j.internal.gather.GatherPlan
import io.github.coro4j.internal.gather.notGathered
import io.github.coro4j.internal.job.scopeOf
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineScope
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
 * The flow fails with `IllegalStateException` if the bodies were started before. If the group fails
 * or is cancelled before it has given out all children, the flow fails with that exception.
 */
@JvmSynthetic
public fun <T> Gather<T>.asFlow(): Flow<Future<T>> {
    val plan =
        this as? GatherPlan<T, *>
            ?: throw IllegalArgumentException("a ${javaClass.name} is no gather of this engine")
    return inOrderOfCompletion(plan)
}

/**
 * Returns a plan to run a suspend body once for each item. The plan takes limits and a policy, as
 * that of [TaskScope.gather] does. Nothing starts before the policy is called.
 *
 * ```
 * val users = scope.gatherSuspending(ids) { id -> repository.load(id) }.concurrency(100).all().await()
 * ```
 *
 * Each child is a task of this scope and a coroutine, as [task] starts it: it runs on the
 * dispatcher in [context] or, without one, where suspend bodies of this scope run. A child holds
 * its permit of a concurrency limit until it has ended, with the coroutines that it has launched.
 * It holds no thread while it is suspended. A cancel ends a suspension, and interrupts no thread.
 *
 * The items are read as [TaskScope.gather] reads them.
 *
 * @param items what to pass to the body
 * @param context elements for the context of each child, such as a dispatcher
 * @param body the suspend body
 * @throws NullPointerException if Java code has put null among [items]
 * @throws IllegalArgumentException if [context] has a `Job`, because the children would leave this
 *   scope
 * @throws IllegalStateException if this scope is closed
 */
@JvmSynthetic
public fun <I : Any, T> TaskScope.gatherSuspending(
    items: Iterable<I>,
    context: CoroutineContext = EmptyCoroutineContext,
    body: suspend CoroutineScope.(I) -> T,
): Gather<T> {
    val scope = scopeOf(this) { "nothing was started in it" }
    requireNoJob(context) { notGathered(scope) }
    @Suppress("UNCHECKED_CAST")
    return scope.gatherSuspending(items, context, body as suspend CoroutineScope.(Any) -> T)
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
