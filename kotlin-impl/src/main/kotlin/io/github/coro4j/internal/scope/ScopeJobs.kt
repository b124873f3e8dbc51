@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.scope

import io.github.coro4j.Task
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.base.nanosOf
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.coroutine.ScopeCoroutines
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.Droppable
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobBits.LISTED
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.spi.BuildInfo.seeError
import io.github.coro4j.spi.Label
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.InternalCoroutinesApi

/** The jobs of a scope, and what else it contains: inner scopes, coroutines, running callbacks. */
internal abstract class ScopeJobs(
    engine: EngineServices,
    settings: ScopeSettings,
    parent: ScopeLifecycle?,
    outside: ParentCoroutineScope?,
) : ScopeEnvironment(engine, settings, parent, outside) {
    private val name: String = settings.name

    @get:JvmSynthetic override val openedAt: Long = time.nanos()
    @JvmField protected val depth: Int = if (parent == null) 0 else parent.depth + 1

    /** The nearest coroutine scope around this one (`asTaskScope`). It knows the next one. */
    @get:JvmSynthetic
    val surroundings: ParentCoroutineScope? =
        outside?.also { it.around = parent?.surroundings } ?: parent?.surroundings

    @get:JvmSynthetic val contents: ScopeContents = ScopeContents(parent?.contents, engine.dropped)

    /**
     * Counts tasks, to name them. This and other nullable collections are made on first use, under
     * the lock of [contents], because users may lock this object.
     */
    @Volatile private var counters: ConcurrentHashMap<String, AtomicInteger>? = null

    @Volatile private var madeCoroutines: ScopeCoroutines? = null

    protected val coroutines: ScopeCoroutines
        get() =
            madeOnce(contents, { madeCoroutines }) {
                ScopeCoroutines(this, outside?.context).also { madeCoroutines = it }
            }

    protected fun enter(child: ScopeLifecycle): Boolean {
        contents.enter(child)
        // publish, then re-check: pairs with ScopeLifecycle.close, which walks the inner scopes
        if (holdSurroundings() && isOpen()) return true
        contents.leave(child)
        return false
    }

    override fun name(): String = name

    @get:JvmSynthetic
    override val kind: String
        get() = "scope"

    override fun toLabel(): String = Label.of(kind, name)

    override fun list(job: FutureJob<*>, what: String) {
        if (!tryList(job, isShared = false)) throw refusal(what)
        job.owner.started(job)
    }

    override fun tryList(job: FutureJob<*>, isShared: Boolean): Boolean {
        taskListeners?.listed(job)
        if (!contents.add(job, isShared)) {
            taskListeners?.refused(job)
            return false
        }
        if (!holdSurroundings()) {
            contents.removeOnce(job) // a cancel may have ended it meanwhile; see ended()
            taskListeners?.refused(job)
            return false
        }
        cancelIfCancelled(job)
        return true
    }

    override fun unlist(job: FutureJob<*>) = contents.removeOnce(job)

    @get:JvmSynthetic
    override val isSurrounded: Boolean
        get() = surroundings != null

    override fun holdSurroundings(): Boolean = surroundings?.hold() ?: true

    override fun <J> listDroppable(gather: J) where J : FutureJob<*>, J : Droppable {
        if (!tryListDroppable(gather)) throw refusal("gather")
        gather.owner.started(gather)
    }

    // If the coroutine scope around has ended, this scope is about to close, and the close would
    // cancel a job that it finds listed, whose callbacks would then run. So look before listing.
    override fun <J> listAgain(job: J): Boolean where J : FutureJob<*>, J : Droppable =
        holdSurroundings() && tryListDroppable(job)

    private fun <J> tryListDroppable(job: J): Boolean where J : FutureJob<*>, J : Droppable {
        if (!contents.addDroppable(job) { !isOpen() }) return false
        if (!holdSurroundings()) {
            contents.leave(job)
            return false
        }
        cancelIfCancelled(job)
        return true
    }

    override fun <J> makeDroppable(job: J) where J : FutureJob<*>, J : Droppable =
        contents.makeDroppable(job)

    override fun unlistDroppable(job: Droppable) = contents.leave(job)

    override fun holdOpen() = contents.holdOpen()

    override fun release() = contents.release()

    /**
     * Returns the cancellation of the body on this thread if the body is part of this scope. It is
     * no fault of the body that it starts something during a close.
     */
    override fun refusal(what: String): IllegalStateException {
        val body = ThreadState.orNull()?.current
        if (body != null && isAround(body.scope)) {
            cancelIfEnding(body)
            if (body.isCancelled) return body.getCancellationException()
        }
        return closedFor(what)
    }

    private fun closedFor(what: String) =
        IllegalStateException(
            "${toLabel()} is closed and cannot $what; nothing was started. " +
                "Start it before the scope is closed, or in another scope. ${seeError("closed-scope")}"
        )

    // ---- JobOwner

    override fun nameOf(job: FutureJob<*>): String =
        job.kind + "-" + counterOf(job.kind).incrementAndGet()

    private fun counterOf(kind: String): AtomicInteger {
        val all =
            madeOnce(contents, { counters }) {
                ConcurrentHashMap<String, AtomicInteger>().also { counters = it }
            }
        return all.computeIfAbsent(kind) { AtomicInteger() }
    }

    override fun ended(job: FutureJob<*>) {
        if (job.bits and LISTED == 0) return
        // Inside a coroutine scope, the thread that has listed the job may remove it, too.
        if (surroundings == null) contents.remove(job) else contents.removeOnce(job)
    }

    // ---- look

    override fun tasks(): Set<Task<*>> {
        val tasks = LinkedHashSet<Task<*>>()
        for (job in contents.jobs()) if (!job.isCompleted)
            (job.handle() as? Task<*>)?.let(tasks::add)
        return Collections.unmodifiableSet(tasks)
    }

    override fun listedJobs(): List<FutureJob<*>> = contents.listedJobs()

    override fun innerScopes(): Set<JobScope> = contents.scopes()

    override fun countHeldOpen(): Int = contents.countHeldOpen

    override fun countCoroutines(): Int = contents.coroutines?.children?.count() ?: 0

    // ---- wait

    @get:JvmSynthetic
    override val isOver: Boolean
        get() = contents.isOver

    @get:JvmSynthetic
    override val isWholeScope: Boolean
        get() = true

    override fun subscribe(waiter: Waiter) = contents.subscribe(waiter)

    override fun unsubscribe(waiter: Waiter) = contents.unsubscribe(waiter)

    override fun dependencies(visit: (Awaitable) -> Unit) {
        contents.jobs().forEach(visit)
        contents.scopes().forEach(visit)
        contents.coroutines?.let(visit)
    }

    override fun join() {
        refuseFromInside("join")
        if (waitUntilOver() == BlockingWait.Ended.INTERRUPT)
            throw WaitMessages.interrupted("the tasks of ${toLabel()}")
    }

    override fun join(timeout: Duration): Boolean {
        val nanos =
            nanosOf(timeout, "timeout") {
                "${toLabel()} was not waited for; zero looks once, and join() waits without a limit"
            }
        refuseFromInside("join")
        val ended = waitUntilOver(nanos)
        if (ended == BlockingWait.Ended.INTERRUPT)
            throw WaitMessages.interrupted("the tasks of ${toLabel()}")
        return ended == BlockingWait.Ended.OVER
    }

    fun waitUntilOver(nanos: Long = BlockingWait.FOREVER): BlockingWait.Ended =
        BlockingWait.waitFor(this, ThreadState.orNull(), nanos)

    /**
     * Throws if the caller is a task or callback of this scope or of one inside it, because it
     * would wait for itself.
     */
    protected fun refuseFromInside(verb: String) {
        val inside = insideHere() ?: return
        val orElse = if (verb == "close") ", or call closeAsync or cancel" else ""
        throw IllegalStateException(
            "${toLabel()} cannot $verb inside itself: $inside would wait for its own end, on thread " +
                "${Thread.currentThread().name}. Let the code that opened the scope $verb it$orElse. " +
                seeError("inside-its-own-scope")
        )
    }

    /**
     * Returns the task or callback on the stack of this thread that belongs to this scope or to one
     * inside it, or null.
     */
    protected fun insideHere(): String? {
        val state = ThreadState.orNull() ?: return null
        val body = state.anyBody { isAround(it.scope) }
        if (body != null) return body.toLabel()
        val scope = state.callbackOf?.takeIf(::isAround) ?: return null
        state.hook?.let {
            return it.toLabel()
        }
        val code = if (state.callbackIsListener) "a task listener" else "a callback"
        return "$code of ${scope.toLabel()}"
    }

    override fun isAround(other: JobScope): Boolean {
        var each: ScopeLifecycle? = other as ScopeLifecycle
        while (each != null) {
            if (each === this) return true
            each = each.parent
        }
        return false
    }

    override fun coroutineEnded() = contents.wake()
}
