@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.scope

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Hedged
import io.github.coro4j.Task
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.ThrowingRunnable
import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.base.counted
import io.github.coro4j.internal.base.nanosOf
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.requireName
import io.github.coro4j.internal.base.underWay
import io.github.coro4j.internal.coroutine.CurrentTaskElement
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.coroutine.SuspendLaunchJob
import io.github.coro4j.internal.coroutine.SuspendTaskJob
import io.github.coro4j.internal.dump.SnapshotTaker
import io.github.coro4j.internal.dump.jsonOf
import io.github.coro4j.internal.dump.textOf
import io.github.coro4j.internal.future.TaskHandle
import io.github.coro4j.internal.gather.Bodies
import io.github.coro4j.internal.gather.BodiesGather
import io.github.coro4j.internal.gather.group.AsyncBody
import io.github.coro4j.internal.gather.group.BlockingBody
import io.github.coro4j.internal.gather.group.ItemBody
import io.github.coro4j.internal.gather.group.SuspendBody
import io.github.coro4j.internal.gather.group.startHedge
import io.github.coro4j.internal.gather.notGathered
import io.github.coro4j.internal.job.CallableJob
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.RunnableJob
import io.github.coro4j.internal.job.TaskJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.listNew
import io.github.coro4j.internal.job.named
import io.github.coro4j.internal.job.site
import io.github.coro4j.spi.Engine
import io.github.coro4j.spi.Label
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.ExecutorService
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.InternalCoroutinesApi

/** A scope, as the user sees it: it starts tasks and gathers, and shows them. */
internal class ScopeImpl(
    engine: EngineServices,
    settings: ScopeSettings,
    parent: ScopeLifecycle?,
    outside: ParentCoroutineScope? = null,
) : ScopeLifecycle(engine, settings, parent, outside) {
    @get:JvmSynthetic
    override val scope: ScopeImpl
        get() = this

    // ---- start

    override fun <T> start(body: Callable<out T>): Task<T> {
        requireArgument(body, "body") { notStarted(null) }
        return begin(CallableJob<T>(ownerOfStarted(), body))
    }

    override fun <T> start(name: String, body: Callable<out T>): Task<T> {
        requireName(name) { "${notStarted(null)}; leave the name out, and the task gets one" }
        requireArgument(body, "body") { notStarted(name) }
        return begin(CallableJob<T>(ownerOfStarted(), body).named(name))
    }

    override fun launch(body: ThrowingRunnable): Task<Void?> {
        requireArgument(body, "body") { notStarted(null) }
        return begin(RunnableJob(ownerOfStarted(), body))
    }

    override fun launch(name: String, body: ThrowingRunnable): Task<Void?> {
        requireName(name) { "${notStarted(null)}; leave the name out, and the task gets one" }
        requireArgument(body, "body") { notStarted(name) }
        return begin(RunnableJob(ownerOfStarted(), body).named(name))
    }

    private fun notStarted(name: String?) =
        (if (name == null) "no task was" else "${Label.of("task", name)} was not") +
            " started in ${toLabel()}"

    private fun <T> begin(job: TaskJob<T>): Task<T> {
        job.queueUnshared()
        val task = job.listNew { notStarted(job.label) }
        job.submit()
        return task as TaskHandle<T>
    }

    override fun <I : Any, T> gather(
        items: Iterable<I>,
        body: ThrowingFunction<in I, out T>,
    ): Gather<T> {
        requireArgument(items, "items") { notGathered(this) }
        requireArgument(body, "body") { notGathered(this) }
        @Suppress("UNCHECKED_CAST")
        return gather(items, "items", BlockingBody(body as ThrowingFunction<Any, T>))
    }

    override fun <I : Any, T> gatherAsync(
        items: Iterable<I>,
        start: ThrowingFunction<in I, out Future<out T>>,
    ): Gather<T> {
        requireArgument(items, "items") { notGathered(this) }
        requireArgument(start, "start") { notGathered(this) }
        @Suppress("UNCHECKED_CAST")
        return gather(items, "items", AsyncBody(start as ThrowingFunction<Any, Future<out T>>))
    }

    override fun <T> gather(bodies: Iterable<Callable<out T>>): Gather<T> {
        requireArgument(bodies, "bodies") { notGathered(this) }
        @Suppress("UNCHECKED_CAST")
        return gather(bodies, "bodies", BlockingBody { (it as Callable<T>).call() })
    }

    private fun <T> gather(items: Iterable<Any?>, parameter: String, body: ItemBody<T>) =
        BodiesGather(Bodies(this, body), BodiesGather.source(items, parameter, this))

    override fun <T> hedge(
        attempts: Int,
        delay: Duration,
        body: ThrowingFunction<in Int, out T>,
    ): Future<Hedged<T>> {
        require(attempts > 0) {
            "attempts must be at least 1, but is $attempts: ${notGathered(this)}"
        }
        requireArgument(body, "body") { notGathered(this) }
        nanosOf(delay, "delay") {
            notGathered(this) + "; Duration.ZERO starts all attempts at once"
        }
        @Suppress("UNCHECKED_CAST")
        return startHedge(this, body as ThrowingFunction<Any, T>, attempts, delay)
    }

    // ---- coroutines

    override fun <T> startSuspending(
        name: String?,
        context: CoroutineContext,
        fromJava: Boolean,
        body: suspend CoroutineScope.() -> T,
    ): Task<T> =
        begin(name, context, body) { owner, made ->
            SuspendTaskJob(owner, made, if (fromJava) owner.site else null)
        }

    override fun launchSuspending(
        name: String?,
        body: suspend CoroutineScope.() -> Void?,
    ): Task<Void?> =
        begin(name, EmptyCoroutineContext, body) { owner, made ->
            SuspendLaunchJob(owner, made, owner.site)
        }

    private inline fun <T> begin(
        name: String?,
        context: CoroutineContext,
        noinline body: suspend CoroutineScope.() -> T,
        newJob: (JobOwner, CoroutineContext) -> SuspendTaskJob<T>,
    ): Task<T> {
        val captured = propagators?.capture { notStarted(name) }
        val made = contextForTask(captured, name, context)
        val job = newJob(ownerOfStarted(), made)
        made[CurrentTaskElement]!!.job = job
        job.label = name
        list(job, "start a task")
        job.begin(body)
        return job.handle() as TaskHandle<T>
    }

    override fun contextForTask(captured: Any?, name: String?, context: CoroutineContext) =
        coroutines.contextFor(CurrentTaskElement(propagators, captured), name, context)

    override fun <T> gatherSuspending(
        items: Iterable<Any>,
        context: CoroutineContext,
        body: suspend CoroutineScope.(Any) -> T,
    ): Gather<T> = gather(items, "items", SuspendBody(context, body))

    override fun asCoroutineScope(): CoroutineScope {
        checkOpen { "be used as a CoroutineScope" }
        val made = coroutines.coroutineScope
        contents.coroutines = coroutines.root
        // publish, then re-check: pairs with ScopeCancels.cancelJobs and ScopeLifecycle.close,
        // which may have seen no coroutines. The close of an empty scope cancels nothing.
        if (supervisor.isCancelled)
            contents.coroutines!!.stop(supervisor.getCancellationException())
        else if (!isOpen()) stopCoroutines()
        return made
    }

    override fun takeOverCoroutines() = coroutines.takeOver()

    // ---- for tests of users

    override fun ownEngine(): Engine = engine as Engine

    override fun countEverHeldOpen(): Int = contents.countEverHeldOpen

    override fun eachOpenPart(visit: (ThreadState?) -> Unit) =
        coroutines.openParts.forEach { visit(it.state) }

    override fun asExecutorService(): ExecutorService = ScopeExecutorService(this)

    override fun dump(): String = textOf(SnapshotTaker().take(this))

    override fun dumpJson(): String = jsonOf(SnapshotTaker().take(this))

    override fun logDump() = DefaultFailureListener.logDump(::dump)

    override fun toString(): String =
        "${Label.of("Scope", name())} (${state()}, ${counted(tasks().size, "task")}" +
            "${underWay(contents.countHeldOpen)})"
}
