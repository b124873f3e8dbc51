package io.github.coro4j.internal.job

import io.github.coro4j.BlockingGuard
import io.github.coro4j.FailureListener
import io.github.coro4j.Future
import io.github.coro4j.TaskListener
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.base.DroppedWatch
import io.github.coro4j.internal.base.SeenSites
import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.time.CoarseClock
import io.github.coro4j.internal.time.ScopeTime
import io.github.coro4j.internal.time.Timer
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** What the packages below the engine use of it. `KotlinEngine` is the only subclass. */
internal abstract class EngineServices {
    /** Runs bodies and callbacks if no executor is given. */
    abstract val pool: Executor

    /** Runs work that must not queue behind bodies (R33). */
    abstract val duties: Executor

    abstract val timer: Timer

    abstract val clock: CoarseClock

    /** The clock of the machine, for scopes. */
    abstract val realTime: ScopeTime

    /** Runs a duty on this thread, as code of the engine. */
    abstract fun runDuty(duty: Runnable)

    abstract val unread: UnreadFailures

    abstract val sharedFailures: SharedFailures

    /** Numbers the bodies that task listeners observe. */
    abstract val bodiesSeen: AtomicLong

    abstract val dropped: DroppedWatch

    /** Number of waits of bodies and coroutines that no cancel ends. */
    abstract val mustWaits: AtomicInteger

    abstract val roots: RootScopes

    /** The task listeners that the application provides as services. */
    abstract val taskListeners: List<TaskListener>

    /** The guard of scopes without one, or null. */
    abstract val blockingGuard: BlockingGuard?

    /** The listener of scopes without one. */
    abstract val failureListener: FailureListener

    /** The context propagators that the application provides as services, or null. */
    abstract val propagators: ContextPropagators?

    abstract val global: JobScope

    /** Returns the scope of the current task, or the global scope. */
    abstract fun currentScope(): JobScope

    /** Runs [work], which blocks, on a thread of its own. */
    abstract fun startBlocking(work: Runnable)

    /** Suspends until [job] has ended. */
    abstract suspend fun awaitEnd(job: FutureJob<*>)

    /** Waits on this thread, whatever cancels it, until [awaited] is over. */
    abstract fun awaitUninterruptibly(awaited: Awaitable)

    /**
     * True once there is work that only one thread can run: a coroutine of the main thread or an
     * event loop, or the work of a scope with a `ThreadBoundExecutor`.
     */
    @Volatile var hasConfinedWork: Boolean = false

    val boundCallbacks = BoundCallbacks()

    /** The places in user code that were warned of blocking in a coroutine. */
    abstract val blockingSites: SeenSites

    /** Returns the time of the scope whose code runs on this thread, or else the real time. */
    abstract fun timeHere(): ScopeTime

    /**
     * Called before a thread that may be the one that advances [time] waits for [awaited] without a
     * limit.
     */
    abstract fun beforeWaitOutside(time: ScopeTime, awaited: Awaitable)

    /** Returns whether [start] cannot end before [target] has. */
    abstract fun leadsTo(start: Awaitable, target: Awaitable): Boolean

    /** Returns the text of a future: type, name, state, then result or failure. */
    abstract fun describe(job: FutureJob<*>): String

    // ---- the objects that Java code holds

    abstract fun <T> futureOf(job: FutureJob<T>): JobHandle<T>

    abstract fun <T> taskOf(job: FutureJob<T>): JobHandle<T>

    abstract fun <T> promiseOf(job: PromiseJob<T>): JobHandle<T>
}

/** The future that Java code holds, beside its [job]. */
internal abstract class JobHandle<T>(@Transient @JvmField val job: FutureJob<T>) : Future<T>

/** Returns the engine, for code that holds no object of it. */
internal fun engine(): EngineServices = (TaskScope.global() as JobScope).engine

/** Returns the job of [future]. Throws if the future is not one of this engine. */
@Suppress("UNCHECKED_CAST")
internal inline fun <T> jobOf(future: Future<out T>, what: () -> String): FutureJob<T> =
    (future as? JobHandle<T>)?.job
        ?: throw IllegalArgumentException(
            "${what()} is a ${future.javaClass.name}, which is no future of this engine; " +
                "complete a Promise from it, or use Future.from if it is a CompletionStage"
        )
