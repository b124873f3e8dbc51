package io.github.coro4j.internal.scope

import io.github.coro4j.BlockingGuard
import io.github.coro4j.ThreadBoundExecutor
import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.job.BoundCallbacks
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.TaskListeners
import io.github.coro4j.internal.job.hasCallbacksOn
import io.github.coro4j.internal.time.GivenTime
import io.github.coro4j.internal.time.ScopeTime
import io.github.coro4j.spi.ScopeSettings
import java.util.concurrent.Executor

/** What a scope takes from its settings or else from the scope around it or the engine. */
internal abstract class ScopeEnvironment(
    @get:JvmSynthetic override val engine: EngineServices,
    settings: ScopeSettings,
    @JvmField protected val parent: ScopeLifecycle?,
    @JvmField protected val outside: ParentCoroutineScope?,
) : JobScope() {
    @get:JvmSynthetic
    override val executor: Executor = settings.executor ?: parent?.executor ?: engine.pool

    @get:JvmSynthetic
    override val callbackExecutor: Executor =
        settings.callbackExecutor ?: parent?.callbackExecutor ?: engine.pool

    @get:JvmSynthetic
    final override var taskListeners: TaskListeners? =
        TaskListeners.of(this, settings.taskListener, parent?.taskListeners, engine.taskListeners)
        private set

    @get:JvmSynthetic
    final override var propagators: ContextPropagators? =
        ContextPropagators.of(
            settings.contextPropagators,
            if (parent != null) parent.propagators else engine.propagators,
        )
        private set

    @get:JvmSynthetic
    final override var blockingGuard: BlockingGuard? =
        settings.blockingGuard ?: if (parent != null) parent.blockingGuard else engine.blockingGuard
        private set

    @get:JvmSynthetic
    override val time: ScopeTime =
        (settings.timeSource ?: outside?.timeSource())?.let { GivenTime.of(it, engine::runDuty) }
            ?: parent?.time
            ?: engine.realTime

    init {
        if (executor is ThreadBoundExecutor || callbackExecutor is ThreadBoundExecutor)
            engine.hasConfinedWork = true
    }

    /** Copies the services into the global scope, which is created before they are found. */
    fun takeServices() {
        taskListeners = TaskListeners.of(this, null, null, engine.taskListeners)
        propagators = engine.propagators
        blockingGuard = engine.blockingGuard
    }

    /** True if a callback of this scope can run only on the calling thread. */
    @get:JvmSynthetic
    final override val needsThisThread: Boolean
        get() =
            BoundCallbacks.isBoundToThisThread(callbackExecutor) &&
                // Look at the jobs first: a job that ends counts its callbacks before it leaves the
                // list, so no callback is missed.
                (listedJobs().any { it.hasCallbacksOn(callbackExecutor) } ||
                    engine.boundCallbacks.areUnderWay(this))
}
