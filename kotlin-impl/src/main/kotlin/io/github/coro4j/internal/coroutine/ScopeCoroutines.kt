@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal.coroutine

import io.github.coro4j.internal.job.JobScope
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.newCoroutineContext

/** The state of a scope for its coroutines. Created for the first one. */
internal class ScopeCoroutines(private val scope: JobScope, outside: CoroutineContext?) {
    /**
     * The context of the coroutines, without a job. If a coroutine scope surrounds the scope, its
     * context says where they run.
     */
    private val context: CoroutineContext =
        (outside?.minusKey(Job)?.minusKey(CurrentTaskElement) ?: EmptyCoroutineContext).let {
            if (it[ContinuationInterceptor] != null) guarded(it) else it + dispatcherOf(scope)
        }

    /** Its `newCoroutineContext` copies the copyable elements of the context for each task. */
    private val bare =
        object : CoroutineScope {
            override val coroutineContext
                get() = context
        }

    /** True if kotlinx adds nothing to [context] for a new coroutine; it does in its debug mode. */
    private val isPlain =
        outside == null && bare.newCoroutineContext(EmptyCoroutineContext) === context

    /** Returns the context for one task, with [more] from the user. */
    fun contextFor(
        element: CurrentTaskElement,
        name: String?,
        more: CoroutineContext,
    ): CoroutineContext {
        if (isPlain && name == null && more === EmptyCoroutineContext) return context + element
        var added = more.minusKey(CurrentTaskElement)
        if (name != null && more[CoroutineName] == null) added += CoroutineName(name)
        return guarded(bare.newCoroutineContext(added)) + element
    }

    private fun dispatcherOf(scope: JobScope) =
        if (scope.time.isReal) ScopeDispatcher(scope) else DelayingDispatcher(scope)

    /** The parts that have not ended, on the scope's own dispatcher, if its time is not real. */
    val openParts: Set<DelayingDispatcher.CountedPart>
        get() = (context[ContinuationInterceptor] as? DelayingDispatcher)?.parts ?: emptySet()

    private fun guarded(context: CoroutineContext): CoroutineContext {
        val interceptor = context[ContinuationInterceptor]!!
        val guard = Guard.of(scope.engine, interceptor)
        return if (guard === interceptor) context else context + guard
    }

    /** Moves the parts that the executor has not begun to the pool of the engine. */
    fun takeOver() {
        (context[ContinuationInterceptor] as? ScopeDispatcher)?.takeOver()
    }

    /** The parent of the coroutines that are no tasks. */
    @Volatile
    var root: CoroutineRootJob? = null
        private set

    /** The coroutine scope, always the same object. */
    val coroutineScope: CoroutineScope by lazy {
        // Each coroutine gets a copy, with the captured context of the launching thread.
        val element = CurrentTaskElement(scope.propagators, null)
        val root =
            CoroutineRootJob(
                scope,
                context + element + CoroutineExceptionHandler(scope::coroutineFailed),
            )
        element.job = root
        this.root = root
        val context = root.coroutineContext
        CoroutineScope(if (scope.isSurrounded) context + AdmittingJob(root) else context)
    }
}
