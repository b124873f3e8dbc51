package io.github.coro4j.internal.engine

import io.github.coro4j.BlockingGuard
import io.github.coro4j.FailureListener
import io.github.coro4j.TaskListener
import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.spi.EngineOptions

/** What the application gives the engine: its settings, and services. */
internal abstract class ServedEngine : TestedEngine() {
    protected val options: EngineOptions = EngineOptions.chosen()

    // Start the lookup first, so that it runs while the constructor creates the rest.
    private val search = ServiceSearch(options.blockingGuard())

    final override val failureListener: FailureListener =
        options.failureListener() ?: DefaultFailureListener

    final override var taskListeners: List<TaskListener> = emptyList()
        private set

    final override var propagators: ContextPropagators? = null
        private set

    final override var blockingGuard: BlockingGuard? = null
        private set

    /** Guarded by [search]. */
    private var hasServices = false

    final override fun awaitServices() {
        val found = search.await()
        synchronized(search) {
            // Once, because the global scope may already list tasks for its listeners.
            if (hasServices) return
            hasServices = true
            taskListeners = found.taskListeners
            propagators = found.propagators
            blockingGuard = found.blockingGuard
            (global as ScopeImpl).takeServices()
        }
    }
}
