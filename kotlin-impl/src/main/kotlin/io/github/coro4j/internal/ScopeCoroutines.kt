@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal

import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.newCoroutineContext

/** What a scope has for coroutines, made when the first one is asked for. */
internal class ScopeCoroutines(private val scope: ScopeImpl, outside: CoroutineContext?) {
    /**
     * Without a job. What surrounds the scope, if that is a `CoroutineScope`, says where they run.
     */
    private val context: CoroutineContext =
        (outside?.minusKey(Job)?.minusKey(TaskElement) ?: EmptyCoroutineContext).let {
            if (it[ContinuationInterceptor] != null) guarded(it)
            else it + ScopeDispatcher(scope.engine, scope.executor)
        }

    /** Asks what is in the context for a copy for each task. */
    private val bare =
        object : CoroutineScope {
            override val coroutineContext
                get() = context
        }

    /** With [more] of the user's, for one task. */
    fun contextFor(element: TaskElement, name: String?, more: CoroutineContext): CoroutineContext {
        var added = more.minusKey(TaskElement)
        if (name != null && more[CoroutineName] == null) added += CoroutineName(name)
        return guarded(bare.newCoroutineContext(added)) + element
    }

    private fun guarded(context: CoroutineContext): CoroutineContext {
        val interceptor = context[ContinuationInterceptor]!!
        val guard = Guard.of(scope.engine, interceptor)
        return if (guard === interceptor) context else context + guard
    }

    /** Sends what its executor has not begun to the pool of the engine. */
    fun takeOver() {
        (context[ContinuationInterceptor] as? ScopeDispatcher)?.takeOver()
    }

    /** The parent of all that are no tasks. */
    @Volatile
    var root: CoroutinesJob? = null
        private set

    /** Always the same. */
    val coroutineScope: CoroutineScope by lazy {
        // Each coroutine gets a copy, with what the thread carries that launches it.
        val element = TaskElement(scope.carriers, null)
        val root =
            CoroutinesJob(
                scope,
                context + element + CoroutineExceptionHandler(scope::coroutineFailed),
            )
        element.job = root
        this.root = root
        val context = root.coroutineContext
        CoroutineScope(if (scope.surroundings != null) context + AdmittingJob(root) else context)
    }
}
