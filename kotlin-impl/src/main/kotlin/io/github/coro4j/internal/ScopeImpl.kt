@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.DeadlockException
import io.github.coro4j.FailureListener
import io.github.coro4j.FailureReport
import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Hedged
import io.github.coro4j.Task
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.TaskScope
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.ThrowingRunnable
import io.github.coro4j.spi.Label
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.Collections
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.ScheduledFuture
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.SupervisorJob

/**
 * A scope. It has a kotlinx `SupervisorJob`, a child of the enclosing scope's, and a list of its
 * jobs. A cancel passes down the tree of `SupervisorJob`s, and each scope passes it on to its own
 * jobs.
 *
 * States: open, then closing (it refuses new work), then closed. Independently it may be cancelled,
 * which is sticky.
 */
internal class ScopeImpl(
    @get:JvmSynthetic val engine: KotlinEngine,
    settings: ScopeSettings,
    private val parent: ScopeImpl?,
    private val outside: Outside? = null,
) : TaskScope, Owner, Awaited {
    private val name: String = settings.name
    @get:JvmSynthetic val executor: Executor = settings.executor ?: parent?.executor ?: engine.pool
    @get:JvmSynthetic
    val callbackExecutor: Executor =
        settings.callbackExecutor ?: parent?.callbackExecutor ?: engine.pool
    private val listener: FailureListener =
        settings.failureListener ?: parent?.listener ?: LoggingListener
    /** The task listeners, or null if there are none. */
    @get:JvmSynthetic
    val taskListeners: Listeners? =
        Listeners.of(this, settings.taskListener, parent?.taskListeners, engine.taskListeners)
    /** The context propagators, or null if there are none. */
    @get:JvmSynthetic
    val propagators: ContextPropagators? =
        ContextPropagators.of(
            settings.contextPropagators,
            if (parent != null) parent.propagators else engine.propagators,
        )

    /** When the scope was opened, by `System.nanoTime()`. */
    @get:JvmSynthetic val openedAt: Long = System.nanoTime()
    private val depth: Int = if (parent == null) 0 else parent.depth + 1

    /** The nearest coroutine scope around this one (`asTaskScope`). It knows the next one. */
    @get:JvmSynthetic
    val surroundings: Outside? =
        outside?.also { it.around = parent?.surroundings } ?: parent?.surroundings

    @get:JvmSynthetic val occupants: Occupants = Occupants(parent?.occupants, engine.dropped)

    /**
     * Counts tasks, to name them. This and other nullable collections are made on first use, under
     * the lock of [occupants], because users may lock this object.
     */
    @Volatile private var counters: ConcurrentHashMap<String, AtomicInteger>? = null
    @Volatile private var closed = OPEN

    /** Wakes the threads that wait for another thread to finish the close. */
    @Volatile private var finished: CountDownLatch? = null
    @Volatile private var isFinished = false

    /** The waits for an executor of this scope, which a close shuts down. */
    @Volatile private var wakeOnClose: CopyOnWriteArrayList<Wake>? = null
    @Volatile private var finisher: Thread? = null
    private var deadline: ScheduledFuture<*>? = null
    @Volatile private var unread: MutableSet<UnreadFailure>? = null

    @Volatile private var madeCoroutines: ScopeCoroutines? = null
    private val coroutines: ScopeCoroutines
        get() =
            madeOnce(occupants, { madeCoroutines }) {
                ScopeCoroutines(this, outside?.context).also { madeCoroutines = it }
            }

    /** Cancelled whenever this scope is. Its exception has the reason. */
    private val supervisor: CompletableJob

    @get:JvmSynthetic
    override val scope: ScopeImpl
        get() = this

    init {
        // This block stays short so that the JIT compiler inlines the constructor, and the settings
        // need no object.
        if (depth > MAX_DEPTH) throw tooDeep()
        supervisor = SupervisorJob(parent?.supervisor)
        begin(settings.deadline)
    }

    private fun tooDeep() =
        IllegalStateException(
            "${Label.of("scope", name)} cannot be opened: it would be the ${MAX_DEPTH + 1}th inside another; " +
                "start tasks in an enclosing scope instead of opening one for each level"
        )

    private fun begin(limit: Duration?) {
        if (parent != null && !parent.enter(this)) {
            supervisor.cancel(null) // old kotlinx.coroutines has no form with a default
            throw parent.refusal("open ${toLabel()}")
        }
        // The public form of this call reports only the end, but a cancel must reach running tasks.
        // A coroutine that waits for the cancel would have to be ended and awaited by every close.
        supervisor.invokeOnCompletion(onCancelling = true, invokeImmediately = true) { cause ->
            if (cause != null) cancelJobs(cause)
        }
        if (limit != null) startDeadline(limit)
    }

    /**
     * Starts the timer. If the JVM has no thread for it, the scope leaves its parent and throws.
     */
    private fun startDeadline(limit: Duration) {
        try {
            deadline =
                engine.timer.after(limit) {
                    cancelBecause("the deadline of ${toLabel()} passed after ${seconds(limit)}")
                }
        } catch (e: Throwable) {
            closed = CLOSED
            supervisor.cancel()
            parent?.occupants?.leave(this)
            throw e
        }
    }

    private fun enter(child: ScopeImpl): Boolean {
        occupants.enter(child)
        // add, then look: pairs with close(), which sets `closed`, then walks the inner scopes
        if (holdSurroundings() && closed == OPEN) return true
        occupants.leave(child)
        return false
    }

    override fun name(): String = name

    @get:JvmSynthetic
    override val kind: String
        get() = "scope"

    override fun toLabel(): String = Label.of(kind, name)

    // ---- start

    override fun <T> start(body: Callable<out T>): Task<T> {
        requireArgument(body, "body") { notStarted(null) }
        return begin(CallableJob<T>(this, body))
    }

    override fun <T> start(name: String, body: Callable<out T>): Task<T> {
        requireName(name) { "${notStarted(null)}; leave the name out, and the task gets one" }
        requireArgument(body, "body") { notStarted(name) }
        return begin(CallableJob<T>(this, body).named(name))
    }

    override fun launch(body: ThrowingRunnable): Task<Void?> {
        requireArgument(body, "body") { notStarted(null) }
        return begin(RunnableJob(this, body))
    }

    override fun launch(name: String, body: ThrowingRunnable): Task<Void?> {
        requireName(name) { "${notStarted(null)}; leave the name out, and the task gets one" }
        requireArgument(body, "body") { notStarted(name) }
        return begin(RunnableJob(this, body).named(name))
    }

    private fun notStarted(name: String?) =
        (if (name == null) "no task was" else "${Label.of("task", name)} was not") +
            " started in ${toLabel()}"

    private fun <T> begin(job: TaskJob<T>): Task<T> {
        // No other thread can see the job yet, so these steps need no fence.
        val task = job.handleUnshared() as TaskHandle<T>
        propagators?.let { job.addContextUnshared(it.capture { notStarted(job.label) }) }
        job.queueUnshared()
        list(job, "start a task")
        job.submit()
        return task
    }

    /**
     * Lists [job], which no other thread has seen, or throws if this scope refuses it. In a
     * cancelled scope the job is cancelled before it begins.
     */
    fun list(job: FutureJob<*>, what: String) {
        if (!tryList(job, isShared = false)) throw refusal(what)
    }

    /**
     * Lists [job], which other threads may be cancelling, and returns false if this scope refuses
     * it. For work that was promised before the scope closed.
     */
    fun tryList(job: FutureJob<*>, isShared: Boolean = true): Boolean {
        taskListeners?.asked(job)
        if (!occupants.add(job, isShared)) {
            taskListeners?.refused(job)
            return false
        }
        if (!holdSurroundings()) {
            occupants.remove(job)
            taskListeners?.refused(job)
            return false
        }
        cancelIfCancelled(job)
        return true
    }

    /** Returns false if the coroutine scope around this scope has ended, and so will close it. */
    fun holdSurroundings(): Boolean = surroundings?.hold() ?: true

    /** Lists a gather of existing futures, which this scope does not keep alive; see [list]. */
    fun listDroppable(gather: AwaitingGather<*, *>) {
        if (!occupants.addDroppable(gather) { !isOpen() }) throw refusal("gather")
        if (!holdSurroundings()) {
            occupants.leave(gather)
            throw refusal("gather")
        }
        cancelIfCancelled(gather)
    }

    /** Lists a dropped job again. Returns false if this scope is closed. See [listDroppable]. */
    fun <J> listAgain(job: J): Boolean where J : FutureJob<*>, J : Droppable {
        if (!occupants.addDroppable(job) { !isOpen() }) return false
        outside?.hold()
        cancelIfCancelled(job)
        return true
    }

    /**
     * Cancels a listed [job] if this scope is cancelled: pairs with a cancel that misses the job.
     */
    fun cancelIfCancelled(job: FutureJob<*>) {
        if (supervisor.isCancelled) {
            val cause = supervisor.getCancellationException()
            job.scopeEnded(reasonIn(cause), originOf(cause))
        }
    }

    override fun isOpen(): Boolean = closed == OPEN

    /** True once this scope has reported all its unread failures. It then registers no others. */
    @Volatile
    @get:JvmSynthetic
    var hasReported = false
        private set

    fun refusal(what: String) =
        IllegalStateException(
            "${toLabel()} is closed and cannot $what; nothing was started. " +
                "Start it before the scope is closed, or in another scope. See docs/errors.md#closed-scope"
        )

    inline fun checkOpen(what: () -> String) {
        if (!isOpen()) throw refusal(what())
    }

    override fun <I : Any, T> gather(
        items: Iterable<I>,
        body: ThrowingFunction<in I, out T>,
    ): Gather<T> {
        requireArgument(items, "items") { notGathered(this) }
        requireArgument(body, "body") { notGathered(this) }
        @Suppress("UNCHECKED_CAST") val bodies = Bodies(this, body as ThrowingFunction<Any, T>)
        return BodyPlan(bodies, BodyPlan.source(items, "items", this))
    }

    override fun <T> gather(bodies: Iterable<Callable<out T>>): Gather<T> {
        requireArgument(bodies, "bodies") { notGathered(this) }
        @Suppress("UNCHECKED_CAST") val callEach = Bodies<T>(this) { (it as Callable<T>).call() }
        return BodyPlan(callEach, BodyPlan.source(bodies, "bodies", this))
    }

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
        return HedgeGather(Bodies(this, body as ThrowingFunction<Any, T>), attempts, delay).begin()
    }

    // ---- coroutines

    fun <T> startSuspending(
        name: String?,
        context: CoroutineContext,
        callSite: CallSite?,
        body: suspend CoroutineScope.() -> T,
    ): Task<T> {
        val captured = propagators?.capture { notStarted(name) }
        val element = TaskElement(propagators, captured)
        val job = SuspendJob<T>(this, coroutines.contextFor(element, name, context), callSite)
        element.job = job
        job.label = name
        list(job, "start a task")
        job.begin(body)
        return job.handle() as TaskHandle<T>
    }

    fun asCoroutineScope(): CoroutineScope {
        checkOpen { "be used as a CoroutineScope" }
        val made = coroutines.coroutineScope
        occupants.coroutines = coroutines.root
        // publish, then look: pairs with a cancel or a close that has not seen the coroutines. The
        // close of an empty scope cancels nothing.
        if (supervisor.isCancelled)
            occupants.coroutines!!.stop(supervisor.getCancellationException())
        else if (!isOpen()) stopCoroutines()
        return made
    }

    /** Moves the parts of coroutines that no thread has begun to the engine's pool. */
    fun takeOverCoroutines() = coroutines.takeOver()

    /** Reports the failure of a coroutine, never to the handler of the thread (R16). */
    fun coroutineFailed(context: CoroutineContext, exception: Throwable) {
        val name = context[CoroutineName]?.name ?: "without a name"
        report(FailureReport(FailureReport.Kind.UNREAD_FAILURE, "coroutine", name, exception))
    }

    override fun asExecutorService(): ExecutorService = ScopeExecutor(this)

    /** True if this scope is cancelled. New work is then cancelled before it begins. */
    @get:JvmSynthetic
    val isCancelled: Boolean
        get() = supervisor.isCancelled

    // ---- Owner

    override fun nameOf(job: FutureJob<*>): String =
        job.kind + "-" + counterOf(job.kind).incrementAndGet()

    private fun counterOf(kind: String): AtomicInteger {
        val all =
            madeOnce(occupants, { counters }) {
                ConcurrentHashMap<String, AtomicInteger>().also { counters = it }
            }
        return all.computeIfAbsent(kind) { AtomicInteger() }
    }

    override fun ended(job: FutureJob<*>) {
        if (job.bits and LiveJobs.LISTED == 0) return
        occupants.remove(job)
    }

    fun unread(job: FutureJob<*>, exception: Throwable, isTold: Boolean): UnreadFailure {
        val failure = whenThereIsHeap {
            UnreadFailure(job, exception, this, engine.unread, isTold)
        }
        if (isTold) {
            failure.clear()
            return failure
        }
        whenThereIsHeap { engine.unread.add(failure) }
        whenThereIsHeap {
            val set =
                madeOnce(occupants, { unread }) {
                    ConcurrentHashMap.newKeySet<UnreadFailure>().also { unread = it }
                }
            set.add(failure)
        }
        // add, then look: pairs with reportUnread(). After the scope has reported, only the garbage
        // collector leads to a report.
        if (hasReported) forget(failure)
        return failure
    }

    /** Removes [failure] from the failures that the close of this scope reports. */
    fun forget(failure: UnreadFailure) {
        unread?.remove(failure)
    }

    fun report(kind: FailureReport.Kind, job: FutureJob<*>, exception: Throwable) =
        report(FailureReport(kind, job.kind, job.name(), exception))

    /** Reports on a thread of the engine, for callers on whose stack no user code may run. */
    fun reportLater(kind: FailureReport.Kind, job: FutureJob<*>, exception: Throwable) {
        occupants.underWay(1)
        engine.pool.execute {
            try {
                report(kind, job, exception)
            } finally {
                occupants.underWay(-1)
            }
        }
    }

    fun report(report: FailureReport) {
        try {
            listener.onFailure(report)
        } catch (e: Throwable) {
            LoggingListener.onFailure(report)
            LoggingListener.listenerFailed(this.name, e)
        }
    }

    // ---- look

    override fun tasks(): Set<Task<*>> {
        val tasks = LinkedHashSet<Task<*>>()
        for (job in occupants.jobs()) if (!job.isCompleted)
            (job.handle() as? Task<*>)?.let(tasks::add)
        return Collections.unmodifiableSet(tasks)
    }

    override fun dump(): String = textOf(SnapshotTaker().take(this))

    override fun dumpJson(): String = jsonOf(SnapshotTaker().take(this))

    override fun logDump() = LoggingListener.logDump(::dump)

    class State(val text: String, val reason: String?) {
        override fun toString() = withReason(text, reason)
    }

    fun state(): State {
        val seen = closed
        return when {
            seen != OPEN -> State(seen, null)
            supervisor.isCancelled ->
                State("cancelled", reasonIn(supervisor.getCancellationException()))
            else -> State("open", null)
        }
    }

    override fun toString(): String =
        "${Label.of("Scope", name)} (${state()}, ${counted(tasks().size, "task")}" +
            "${underWay(occupants.countUnderWay)})"

    // ---- wait

    @get:JvmSynthetic
    override val isOver: Boolean
        get() = occupants.isOver

    override fun subscribe(wake: Wake) = occupants.subscribe(wake)

    override fun unsubscribe(wake: Wake) = occupants.unsubscribe(wake)

    override fun dependencies(visit: (Awaited) -> Unit) {
        occupants.jobs().forEach(visit)
        occupants.scopes().forEach(visit)
        occupants.coroutines?.let(visit)
    }

    override fun queuedOn(executor: Executor): BodyJob<*>? = Circles.queuedBehind(this, executor)

    override fun join() {
        refuseFromInside("join")
        if (waitUntilOver() == Waiting.Ended.INTERRUPT)
            throw Waiting.interrupted("the tasks of ${toLabel()}")
    }

    fun waitUntilOver(): Waiting.Ended = Waiting.waitFor(this, Runner.orNull(), Waiting.FOREVER)

    /**
     * Throws if the caller is a task or callback of this scope or of one inside it, because it
     * would wait for itself.
     */
    private fun refuseFromInside(verb: String) {
        val runner = Runner.orNull() ?: return
        val body = runner.anyBody { isAround(it.scope) }
        val inside =
            when {
                body != null -> body.toLabel()
                runner.callbackOf?.let(::isAround) == true ->
                    (if (runner.callbackIsListener) "a task listener of " else "a callback of ") +
                        runner.callbackOf!!.toLabel()
                else -> return
            }
        throw IllegalStateException(
            "${toLabel()} cannot $verb inside itself: $inside would wait for its own end, on thread " +
                "${Thread.currentThread().name}. Let whoever opened the scope $verb it, or call cancel. " +
                "See docs/errors.md#inside-its-own-scope"
        )
    }

    fun isAround(other: ScopeImpl): Boolean {
        var each: ScopeImpl? = other
        while (each != null) {
            if (each === this) return true
            each = each.parent
        }
        return false
    }

    // ---- stop

    override fun cancel(reason: String) {
        requireArgument(reason, "reason") {
            "${toLabel()} was not cancelled; say why, every task will show it"
        }
        refuseGlobal("cancel")
        StackRoom.require()
        cancelBecause(reason)
    }

    fun cancelBecause(reason: String) = supervisor.cancel(TaskCancelledException(name, reason))

    /** Cancels this scope for the reason in [cause]. */
    fun cancelFor(cause: Throwable) =
        supervisor.cancel(TaskCancelledException(name, reasonIn(cause), originOf(cause)))

    /** Cancels this scope for a `CoroutineScope` that is this scope or is around it. */
    fun cancelFromOutside(cause: TaskCancelledException) {
        refuseGlobal("cancel")
        StackRoom.require()
        supervisor.cancel(cause)
    }

    private fun cancelJobs(cause: Throwable) {
        val reason = reasonIn(cause)
        val jobs = occupants.jobs()
        // Make all jobs cancelling before stopping any, here and in the inner scopes. A task that
        // ends because an inner scope ended must know of the request. An inner scope that a stopped
        // task closes must already be cancelled for this reason.
        val origin = originOf(cause)
        FutureJob.askAll(jobs, reason, origin)
        occupants.scopes().iterator().forEachDespiteErrors { it.cancelFor(cause) }
        occupants.coroutines?.stop(cause)
        jobs.iterator().forEachDespiteErrors { it.scopeEnded(reason, origin) }
    }

    private fun originOf(cause: Throwable) = cause as? TaskCancelledException

    private fun refuseGlobal(verb: String) {
        if (this === engine.global) {
            throw IllegalStateException(
                "the global scope cannot $verb: everybody shares it. Open a scope of your own with TaskScope.open"
            )
        }
    }

    override fun close() {
        refuseGlobal("close")
        refuseFromInside("close")
        StackRoom.require()
        if (STATE.compareAndSet(this, OPEN, CLOSING)) wakeOnClose?.forEach { it.run() }
        // Nothing can be added any more, so what is empty now stays empty.
        if (!occupants.isEmpty) cancelToClose()
        stopCoroutines()
        try {
            Waiting.uninterruptibly(this)
        } catch (e: DeadlockException) {
            finishWhenOver()
            throw e
        }
        finish()
    }

    /** Registers [wake] for the begin of a close. If a close has begun, [wake] does not run. */
    fun addWakeOnClose(wake: Wake) {
        val waits =
            madeOnce(occupants, { wakeOnClose }) {
                CopyOnWriteArrayList<Wake>().also { wakeOnClose = it }
            }
        waits.add(wake)
    }

    fun removeWakeOnClose(wake: Wake) {
        wakeOnClose?.remove(wake)
    }

    fun stopCoroutines() {
        occupants.coroutines?.stop(TaskCancelledException(name, "${toLabel()} was closed"))
    }

    /**
     * Cancels what is left for a close. A task may see the cancel of the enclosing scope, and close
     * this scope, before that cancel reaches this scope. Then the reason of that cancel comes first
     * (R4).
     */
    private fun cancelToClose() {
        // Cancel again, because an error of the JVM, such as a full heap, may have ended the first
        // pass early.
        if (supervisor.isCancelled) return cancelJobs(supervisor.getCancellationException())
        val around = parent?.supervisor
        if (around != null && around.isCancelled) cancelFor(around.getCancellationException())
        else cancelBecause("${toLabel()} was closed")
    }

    /**
     * Makes the thread that ends the last work here hand the rest of the close to the engine's
     * pool, because no thread waits for it.
     */
    private fun finishWhenOver() {
        val handedOver = AtomicBoolean()
        parent?.occupants?.underWay(1)
        subscribe(
            object : Wake() {
                override fun run() {
                    if (!isOver || !handedOver.compareAndSet(false, true)) return
                    unsubscribe(this)
                    engine.pool.execute {
                        finish()
                        parent?.occupants?.underWay(-1)
                    }
                }
            }
        )
    }

    /**
     * Finishes the close, once. A later caller waits until the first has finished it, except a
     * failure listener that is part of it, and a task, because a listener may wait for that task.
     */
    private fun finish() {
        if (!STATE.compareAndSet(this, CLOSING, CLOSED)) {
            val isPart = finisher === Thread.currentThread() || Runner.orNull()?.current != null
            if (!isPart) awaitFinish()
            return
        }
        finisher = Thread.currentThread()
        try {
            deadline?.cancel(false)
            outside?.leave()
            reportUnread()
            supervisor.complete()
            parent?.occupants?.leave(this)
        } finally {
            // publish `isFinished`, then read `finished`: pairs with awaitFinish()
            isFinished = true
            finished?.countDown()
        }
    }

    private fun awaitFinish() {
        val latch = madeOnce(occupants, { finished }) { CountDownLatch(1).also { finished = it } }
        if (!isFinished) Waiting.uninterruptibly(latch)
    }

    /**
     * Reports all unread failures. It waits for failures in transit from one future to another, and
     * for failures that another thread is reporting.
     *
     * A failure may go on again as soon as it has arrived. So this ends only after a pass in which
     * no transit has begun: one that began before the pass has either arrived, and is found, or is
     * counted as under way.
     */
    private fun reportUnread() {
        while (true) {
            val begun = occupants.countBegunUnderWay
            // toList() would fail, because readers remove failures at the same time.
            unread?.forEach { it.reportOrAwait() }
            if (occupants.countUnderWay != 0) Waiting.uninterruptibly(this)
            else if (
                unread?.all { it.isBeingToldHere } != false && begun == occupants.countBegunUnderWay
            )
                break
            else Thread.yield() // a reader has taken a failure, and is about to remove it
        }
        hasReported = true
        // note, then look again: pairs with a job that registers a failure, then reads hasReported
        unread?.forEach { it.reportOrAwait() }
    }

    private companion object {
        const val OPEN = "open"
        const val CLOSING = "closing"
        const val CLOSED = "closed"

        /** A field updater, because an atomic object costs 16 bytes more. */
        val STATE =
            AtomicReferenceFieldUpdater.newUpdater(
                ScopeImpl::class.java,
                String::class.java,
                "closed",
            )

        /**
         * kotlinx.coroutines cancels a tree of jobs by recursion. In a test 400 levels worked, and
         * 1,000 overflowed the stack.
         */
        const val MAX_DEPTH = 128
    }
}
