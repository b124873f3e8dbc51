package io.github.coro4j.internal.job

import io.github.coro4j.BlockingGuard
import io.github.coro4j.FailureReport
import io.github.coro4j.Gather
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.withReason
import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.time.ScopeTime
import io.github.coro4j.spi.EngineScope
import io.github.coro4j.spi.ScopeView
import io.github.coro4j.spi.Turns
import java.util.concurrent.Executor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope

/** What jobs, groups and dumps use of their scope. `ScopeImpl` is the only concrete subclass. */
internal abstract class JobScope : EngineScope, JobOwner, Awaitable {
    @get:JvmSynthetic abstract val engine: EngineServices

    @get:JvmSynthetic abstract val time: ScopeTime

    @get:JvmSynthetic abstract val executor: Executor

    @get:JvmSynthetic abstract val callbackExecutor: Executor

    /** True if the executor never runs a body on the stack of the thread that hands it over. */
    @get:JvmSynthetic
    val onlyQueues: Boolean
        get() = executor.let { it === engine.pool || it is Turns }

    /** The task listeners, or null if there are none. */
    @get:JvmSynthetic abstract val taskListeners: TaskListeners?

    /** Decides whether a thread may wait for work of this scope, or null. */
    @get:JvmSynthetic abstract val blockingGuard: BlockingGuard?

    /** The context propagators, or null if there are none. */
    @get:JvmSynthetic abstract val propagators: ContextPropagators?

    // ---- jobs

    /**
     * Returns the owner of a job that begins now: the body on this thread if it lives in this
     * scope, or else this scope (R31).
     */
    fun ownerOfStarted(): JobOwner = findOwner().recordingSite()

    private fun findOwner(): JobOwner {
        val state = ThreadState.orNull() ?: return this
        val body = state.current ?: return this
        if (body.scope !== this || !body.ownsStarted || state.isUncancellable) return this
        return StartedPlace(body.startedWork() ?: return this)
    }

    /**
     * Lists [job], which no other thread has seen, or throws if this scope refuses it. In a
     * cancelled scope the job is cancelled before it begins.
     */
    abstract fun list(job: FutureJob<*>, what: String)

    /**
     * Lists [job], which other threads may be cancelling, and returns false if this scope refuses
     * it. For work that was promised before the scope closed.
     */
    abstract fun tryList(job: FutureJob<*>, isShared: Boolean = true): Boolean

    /** Removes a job that several threads remove, unless it was not listed. */
    abstract fun unlist(job: FutureJob<*>)

    /** Lists a gather of existing futures, which this scope does not keep alive. See [list]. */
    abstract fun <J> listDroppable(gather: J) where J : FutureJob<*>, J : Droppable

    /**
     * Lists a dropped job again. Returns false if this scope is closed, or is about to be because
     * the coroutine scope around it has ended. See [listDroppable].
     */
    abstract fun <J> listAgain(job: J): Boolean where J : FutureJob<*>, J : Droppable

    /**
     * Moves a listed job to the list that does not keep it alive. It is always in one of the two.
     */
    abstract fun <J> makeDroppable(job: J) where J : FutureJob<*>, J : Droppable

    abstract fun unlistDroppable(job: Droppable)

    /**
     * Counts a callback, or an end on its way to a derived future. The scope waits until it is
     * [released][release] (R23).
     */
    abstract fun holdOpen()

    abstract fun release()

    /** Keeps the scope open during [step]. */
    @JvmSynthetic
    inline fun <R> holdOpen(step: () -> R): R {
        holdOpen()
        try {
            return step()
        } finally {
            release()
        }
    }

    /** Runs [step] on [executor], and keeps the scope open until it has run. */
    @JvmSynthetic
    fun executeHoldingOpen(executor: Executor, step: () -> Unit) {
        holdOpen()
        // A step in the line for a turn waits, as a body there does.
        val work = time.work?.takeIf { executor is Turns }
        work?.holding?.incrementAndGet()
        try {
            executor.execute {
                try {
                    runHoldingOpen(step, isNoted = work != null)
                } finally {
                    work?.holding?.decrementAndGet()
                    release()
                }
            }
        } catch (e: Throwable) {
            work?.holding?.decrementAndGet()
            release() // an error of the JVM: there is no thread or heap left
            throw e
        }
    }

    private fun runHoldingOpen(step: () -> Unit, isNoted: Boolean) {
        val work = time.work ?: return step()
        ThreadState.use { state ->
            time.noting(state) { if (isNoted) step() else work.holdingIn(step) }
        }
    }

    /** Returns the exception for work that this scope refuses because it is closed. */
    abstract fun refusal(what: String): IllegalStateException

    @JvmSynthetic
    inline fun checkOpen(what: () -> String) {
        if (!isOpen()) throw refusal(what())
    }

    // ---- coroutines

    /**
     * Starts a task with a suspend [body]. If the call comes [from Java][fromJava], a failure shows
     * the place of the call in the debug mode.
     */
    abstract fun <T> startSuspending(
        name: String?,
        context: CoroutineContext,
        fromJava: Boolean,
        body: suspend CoroutineScope.() -> T,
    ): Task<T>

    /** Starts a task without a result, with a suspend [body]. The call comes from Java. */
    abstract fun launchSuspending(
        name: String?,
        body: suspend CoroutineScope.() -> Void?,
    ): Task<Void?>

    /** Returns the context for the coroutine of one task, with what was [captured] for it. */
    abstract fun contextForTask(
        captured: Any?,
        name: String?,
        context: CoroutineContext,
    ): CoroutineContext

    /** Returns a plan to run a suspend [body] for each item. The caller has checked the context. */
    abstract fun <T> gatherSuspending(
        items: Iterable<Any>,
        context: CoroutineContext,
        body: suspend CoroutineScope.(Any) -> T,
    ): Gather<T>

    abstract fun asCoroutineScope(): CoroutineScope

    /** Moves the parts of coroutines that no thread has begun to the engine's pool. */
    abstract fun takeOverCoroutines()

    abstract fun stopCoroutines()

    /** Reports the failure of a coroutine, never to the handler of the thread (R16). */
    abstract fun coroutineFailed(context: CoroutineContext, exception: Throwable)

    /** Wakes the threads that wait for this scope, because its last coroutine may have ended. */
    abstract fun coroutineEnded()

    /** True if this scope, or one around it, is inside a coroutine scope. */
    @get:JvmSynthetic abstract val isSurrounded: Boolean

    /**
     * Makes the coroutine scope around this scope wait for its work. Returns false if that has
     * ended, and so will close this scope.
     */
    abstract fun holdSurroundings(): Boolean

    // ---- failures

    /** True once this scope has reported all its unread failures. It then registers no others. */
    @get:JvmSynthetic abstract val hasReported: Boolean

    abstract fun unread(
        job: FutureJob<*>,
        exception: Throwable,
        isReported: Boolean,
        context: FailureContext?,
    ): UnreadFailure

    /** Removes [failure] from the failures that the close of this scope reports. */
    abstract fun forget(failure: UnreadFailure)

    abstract fun report(report: FailureReport)

    // ---- cancel

    /** True if this scope is cancelled. New work is then cancelled before it begins. */
    @get:JvmSynthetic abstract val isCancelled: Boolean

    /** Cancels this scope for a `CoroutineScope` that is this scope or is around it. */
    abstract fun cancelFromOutside(cause: TaskCancelledException)

    /**
     * Cancels a listed [job] if this scope is cancelled. A cancel of the scope may have missed the
     * job.
     */
    abstract fun cancelIfCancelled(job: FutureJob<*>)

    /**
     * Cancels [job] if this scope is cancelled, or is about to be because it or one around it ends.
     * A cancel reaches the jobs of a scope one after another. So a job that ends because of the
     * cancel of another one may have to look whether its own is on the way.
     */
    abstract fun cancelIfEnding(job: FutureJob<*>)

    /** True if this scope, or one around it, is cancelled or closes. */
    @get:JvmSynthetic abstract val isEnding: Boolean

    abstract fun isAround(other: JobScope): Boolean

    // ---- look

    /** The [time] of the opening. */
    @get:JvmSynthetic abstract val openedAt: Long

    abstract fun state(): ScopeState

    /** Returns the jobs without the children of groups. */
    abstract fun listedJobs(): List<FutureJob<*>>

    abstract fun innerScopes(): Set<JobScope>

    abstract fun countHeldOpen(): Int

    /** Returns how many steps have ever held this scope open. */
    abstract fun countEverHeldOpen(): Int

    /**
     * Visits each part of a coroutine that has not ended, with the thread that runs it, or null.
     * Only if the time of this scope is not real.
     */
    abstract fun eachOpenPart(visit: (ThreadState?) -> Unit)

    /** Returns the number of coroutines that are no tasks. */
    abstract fun countCoroutines(): Int
}

internal class ScopeState(val text: String, val reason: String?) {
    override fun toString() = withReason(text, reason)
}

/** Returns [scope] as a scope of this engine. Throws if it is none. */
internal inline fun scopeOf(scope: TaskScope, consequence: () -> String): JobScope =
    (if (scope is ScopeView) scope.viewed() else scope) as? JobScope
        ?: throw IllegalArgumentException(
            "a ${scope.javaClass.name} is no scope of this engine: ${consequence()}; use TaskScope.open"
        )

/** Returns the scope of this engine that [scope] is, for calls in which the scope is optional. */
internal inline fun optionalScope(scope: TaskScope?, consequence: () -> String): JobScope {
    requireArgument(scope, "scope") { "leave it out for the scope of the current task" }
    return scopeOf(scope!!, consequence)
}

internal fun currentScope(): JobScope = engine().currentScope()
