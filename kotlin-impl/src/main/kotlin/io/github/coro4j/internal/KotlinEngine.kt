@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.KeyedGather
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.spi.Engine
import io.github.coro4j.spi.Label
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.concurrent.CompletionStage
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The engine, one per application: its pool, the global scope, and the failures that are still
 * unread.
 */
internal class KotlinEngine : Engine {
    init {
        LibraryVersions.check()
        DebugMode.check()
    }

    val pool: Executor = virtualThreads() ?: GrowingPool()
    val unread = UnreadFailures()
    val sharedFailures = SharedFailures()

    val dropped = DroppedWatch()
    val clock = CoarseClock()
    val timer = Timer()

    /** Runs work that must not queue behind bodies (R33). */
    val duties: Duties = timer.duties
    val taskListeners = Listeners.find()
    val propagators = ContextPropagators.find()

    /** Numbers the bodies that task listeners observe. */
    val bodiesSeen = AtomicLong()
    val global = ScopeImpl(this, ScopeSettings("global"), null)

    init {
        // A class whose first use overflows the stack can never be used again. So this loads the
        // classes that a body may need for the first time on a deep stack.
        Circles.leadsTo(global, global)
        Callbacks(PromiseJob<Any?>(global))
    }

    override fun globalScope(): TaskScope = global

    override fun currentScope(): ScopeImpl = current()

    private fun current(): ScopeImpl = Runner.orNull()?.current?.scope ?: global

    override fun currentTask(): Task<*>? {
        val job = Runner.orNull()?.current ?: return null
        return job.handle() as? Task<*>
    }

    override fun checkCancelled() {
        val job = Runner.orNull()?.current ?: return
        if (job.isCancelled) throw job.getCancellationException()
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
        val outer = Runner.orNull()?.current
        // The run is part of the enclosing task, so a cancel of that task reaches the main body
        // before the interrupt does.
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
                if (main.failed == null && main.end !is CancelledEnd) scope.waitUntilOver()
                else Waiting.Ended.OVER
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
        if (waiting == Waiting.Ended.INTERRUPT)
            throw Waiting.interrupted("the tasks of ${scope.toLabel()}")
        return main.outcome().valueOrThrow()
    }

    /**
     * Closes the scope. If that would close a circle, the exception carries what the main body
     * threw.
     */
    private fun close(scope: ScopeImpl, main: MainJob<*>) {
        try {
            scope.close()
        } catch (e: DeadlockException) {
            main.failed?.let { SharedFailures.attachAll(e, listOf(it.exception)) }
            throw e
        }
    }

    override fun sleep(duration: Duration): Future<Void?> = SleepJob(current()).begin(duration)

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
            else -> WatchJob<T>(current(), future).begin()
        }

    private val watchers = AtomicInteger()

    /** Runs [watcher] on a thread of its own. */
    fun watch(watcher: Runnable) {
        if (pool !is GrowingPool) return pool.execute(watcher)
        DaemonThreads.start("coro4j-from-blocking-${watchers.incrementAndGet()}", watcher)
    }

    override fun <T> gather(children: List<Future<out T>>): Gather<T> =
        plan(children) { "children[$it]" }

    private inline fun <T> plan(children: List<Future<out T>>, what: (Int) -> String) =
        FuturePlan(
            this,
            Array(children.size) { jobOf<T>(children[it]) { what(it) } },
            GroupSettings(),
        )

    override fun <K, T> keyedGather(
        keys: List<K>,
        children: List<Future<out T>>,
    ): KeyedGather<K, T> =
        KeyedPlan(keys, plan(children) { "the future under the key ${Label.ofKey(keys[it])}" })

    fun gatherScope(): ScopeImpl = current()

    private companion object {
        /**
         * The first JDK where a virtual thread that blocks in `synchronized` releases its carrier
         * (JEP 491).
         */
        const val UNPINNED = 24

        /** The version of the JDK or of Android. */
        val version: Int =
            // Every platform has the specification version ("0.9" on Android), but not
            // Runtime.version().
            System.getProperty("java.specification.version").substringBefore('.').toIntOrNull() ?: 0

        fun virtualThreads(): Executor? = if (version >= UNPINNED) DaemonThreads.virtual() else null
    }
}
