@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.engine

import io.github.coro4j.ConcurrencyLimit
import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.KeyedGather
import io.github.coro4j.Promise
import io.github.coro4j.Registration
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.ThrowingRunnable
import io.github.coro4j.internal.base.DaemonThreads
import io.github.coro4j.internal.base.DebugMode
import io.github.coro4j.internal.base.DroppedWatch
import io.github.coro4j.internal.base.LibraryVersions
import io.github.coro4j.internal.base.SeenSites
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.coroutine.awaitEnd
import io.github.coro4j.internal.dump.textOf
import io.github.coro4j.internal.future.FutureHandle
import io.github.coro4j.internal.future.JdkFutureJob
import io.github.coro4j.internal.future.PromiseHandle
import io.github.coro4j.internal.future.SleepJob
import io.github.coro4j.internal.future.StageJob
import io.github.coro4j.internal.future.TaskHandle
import io.github.coro4j.internal.gather.FuturesGather
import io.github.coro4j.internal.gather.KeyedFuturesGather
import io.github.coro4j.internal.gather.group.GroupSettings
import io.github.coro4j.internal.gather.group.SharedLimit
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.CallbackLanes
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.MainJob
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.job.RootScopes
import io.github.coro4j.internal.job.SharedFailures
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UnreadFailures
import io.github.coro4j.internal.job.addCancelHook
import io.github.coro4j.internal.job.isSuccess
import io.github.coro4j.internal.job.jobOf
import io.github.coro4j.internal.job.named
import io.github.coro4j.internal.job.uncancellable
import io.github.coro4j.internal.pool.GrowingPool
import io.github.coro4j.internal.pool.VirtualThreads
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.internal.time.CoarseClock
import io.github.coro4j.internal.time.RealTime
import io.github.coro4j.internal.time.Timer
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.DeadlockDetector
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.spi.Label
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CompletionStage
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The engine, one per application: its pool, the global scope, and the failures that are still
 * unread.
 */
internal class KotlinEngine : ServedEngine() {
    init {
        LibraryVersions.check()
        DebugMode.check()
    }

    override val pool: Executor =
        VirtualThreads.executor() ?: GrowingPool(options.poolThreads() ?: GrowingPool.SIZE)
    override val unread = UnreadFailures()
    override val sharedFailures = SharedFailures()

    override val dropped = DroppedWatch()
    override val mustWaits = AtomicInteger()
    override val roots = RootScopes()
    override val clock = CoarseClock()
    override val timer = Timer(::runDuty)
    override val realTime = RealTime(timer, clock)

    override val duties: Executor = timer.duties
    override val blockingSites = SeenSites()
    override val bodiesSeen = AtomicLong()
    override val global = ScopeImpl(this, ScopeSettings("global"), null)

    init {
        // A class whose first use overflows the stack can never be used again. So this loads the
        // classes that a body may need for the first time on a deep stack.
        DeadlockDetector.leadsTo(global, global)
        CallbackLanes(PromiseJob<Any?>(global))
    }

    override fun runDuty(duty: Runnable) = ThreadState.use { state ->
        val wasOfTheEngine = state.isOfTheEngine
        state.isOfTheEngine = true
        try {
            state.endingParts { duty.run() }
        } finally {
            state.isOfTheEngine = wasOfTheEngine
        }
    }

    override suspend fun awaitEnd(job: FutureJob<*>) = job.awaitEnd()

    override fun awaitUninterruptibly(awaited: Awaitable) {
        BlockingWait.uninterruptibly(awaited)
    }

    override fun leadsTo(start: Awaitable, target: Awaitable) =
        DeadlockDetector.leadsTo(start, target)

    override fun describe(job: FutureJob<*>): String = textOf(job)

    override fun <T> futureOf(job: FutureJob<T>): JobHandle<T> = FutureHandle(job)

    override fun <T> taskOf(job: FutureJob<T>): JobHandle<T> = TaskHandle(job)

    override fun <T> promiseOf(job: PromiseJob<T>): JobHandle<T> = PromiseHandle(job)

    override fun globalScope(): TaskScope = global

    override fun dumpAll(): String = roots.all().joinToString("") { it.dump() }

    override fun currentScope(): ScopeImpl = current()

    private fun current(): ScopeImpl {
        val state = ThreadState.orNull() ?: return scopeOfCall() ?: global
        // What a clean-up starts must run although the scope of the task is cancelled or closed.
        if (state.isUncancellable) return outerScope()
        val scope = state.current?.scope as ScopeImpl? ?: scopeOfCall()
        return scope ?: if (state.callbackOf != null) outerScope() else global
    }

    override fun currentTask(): Task<*>? {
        val job = ThreadState.orNull()?.current ?: return null
        return job.handle() as? Task<*>
    }

    override fun checkCancelled() {
        val state = ThreadState.orNull() ?: return
        val job = state.current ?: return
        if (job.isCancelled && !state.isUncancellable) throw job.getCancellationException()
    }

    override fun onCancel(hook: ThrowingRunnable): Registration {
        requireArgument(hook, "hook") { "no cancel hook was added" }
        return addCancelHook(hook)
    }

    override fun <T> nonCancellable(cleanUp: Callable<out T>): T {
        requireArgument(cleanUp, "cleanUp") { "nothing was run" }
        return uncancellable(cleanUp)
    }

    override fun openScope(settings: ScopeSettings): TaskScope = open(settings)

    /**
     * Opens a scope. The global scope is no enclosing scope, because it would keep alive every
     * scope that the user forgets to close.
     */
    private fun open(settings: ScopeSettings) =
        ScopeImpl(this, settings, current().takeIf { it !== global })

    override fun <T> run(settings: ScopeSettings, body: ThrowingFunction<in TaskScope, out T>): T {
        val scope = open(settings)
        val main = MainJob(scope, body).named(settings.name)
        scope.list(main, "run")
        // The run is part of the enclosing task, so a cancel of that task reaches the main body
        // before the interrupt does. It does not reach a clean-up.
        val outer = ThreadState.orNull()?.let { if (it.isUncancellable) null else it.current }
        val line =
            outer?.invokeOnCompletion(
                onCancelling = true,
                invokeImmediately = true,
            ) { cause ->
                if (cause != null) scope.cancelFor(cause)
            }
        main.runHere()
        val waiting =
            try {
                if (isSuccess(main.end)) scope.waitUntilOver() else BlockingWait.Ended.OVER
            } finally {
                // Mark the failure as read before the close reports unread failures. It is thrown
                // below.
                main.markRead()
                line?.dispose()
                // This thread may see the cancel before the handler has passed it on. The reason of
                // that cancel came before that of the close, so it must win (R4).
                if (outer != null && outer.isCancelled)
                    scope.cancelFor(outer.getCancellationException())
                close(scope, main)
            }
        if (waiting == BlockingWait.Ended.INTERRUPT)
            throw WaitMessages.interrupted("the tasks of ${scope.toLabel()}")
        return main.outcome().valueOrThrow()
    }

    /**
     * Closes the scope. If that would close a circle, or a guard refuses the wait, the exception
     * carries what the main body threw.
     */
    private fun close(scope: ScopeImpl, main: MainJob<*>) {
        try {
            scope.close()
        } catch (e: IllegalStateException) {
            main.failed?.let { SharedFailures.attachAll(e, listOf(it.exception)) }
            throw e
        }
    }

    override fun sleep(duration: Duration): Future<Void?> {
        val scope = current()
        return SleepJob(scope, if (scope.time.isReal) timeHere() else scope.time).begin(duration)
    }

    override fun <T> promise(): Promise<T> = PromiseJob<T>(current()).promise()

    override fun <T> completed(value: T): Future<T> =
        PromiseJob<T>(current()).apply { complete(value) }.handle()

    override fun <T> failed(exception: Throwable): Future<T> =
        PromiseJob<T>(current()).apply { fail(exception) }.handle()

    override fun <T> cancelled(reason: String): Future<T> =
        PromiseJob<T>(current()).apply { requestCancel(reason, interrupt = false) }.handle()

    override fun <T> from(stage: CompletionStage<out T>): Future<T> =
        StageJob<T>(current(), stage).begin()

    @Suppress("UNCHECKED_CAST")
    override fun <T> fromBlocking(future: java.util.concurrent.Future<out T>): Future<T> =
        when (future) {
            is FutureHandle<*> -> future as Future<T>
            is CompletionStage<*> -> from(future as CompletionStage<out T>)
            else -> JdkFutureJob<T>(current(), future).begin()
        }

    private val blockingThreads = AtomicInteger()

    override fun startBlocking(work: Runnable) {
        if (pool !is GrowingPool) return pool.execute(work)
        DaemonThreads.start("coro4j-from-blocking-${blockingThreads.incrementAndGet()}", work)
    }

    override fun concurrencyLimit(name: String?, capacity: Int): ConcurrencyLimit =
        SharedLimit(name, capacity)

    override fun <T> gather(children: List<Future<out T>>): Gather<T> =
        plan(children) { "children[$it]" }

    private inline fun <T> plan(children: List<Future<out T>>, what: (Int) -> String) =
        FuturesGather(
            this,
            Array(children.size) { jobOf<T>(children[it]) { what(it) } },
            GroupSettings(),
        )

    override fun <K, T> keyedGather(
        keys: List<K>,
        children: List<Future<out T>>,
    ): KeyedGather<K, T> =
        KeyedFuturesGather(
            keys,
            plan(children) { "the future under the key ${Label.ofKey(keys[it])}" },
        )
}
