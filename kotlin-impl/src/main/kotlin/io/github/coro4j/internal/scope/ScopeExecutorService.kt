package io.github.coro4j.internal.scope

import io.github.coro4j.FailureReport
import io.github.coro4j.internal.base.counted
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.CancelledEnd
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UnreadFailure
import io.github.coro4j.internal.job.WaitQueue
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.internal.job.report
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.spi.BuildInfo.seeError
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ExecutorService
import java.util.concurrent.Future
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit

/**
 * The view of a scope that `asExecutorService` returns, with the JDK's contract. Its tasks are in
 * the list of the scope like any other. The view also keeps its unended tasks, for `shutdownNow`
 * and for threads that wait for its termination. The scope does not know its views, so an unused
 * view can be collected.
 *
 * States: open, then shut down (it refuses new work), then terminated (the last task has ended).
 */
internal class ScopeExecutorService(@get:JvmSynthetic override val scope: ScopeImpl) :
    ExecutorService, JobOwner, Awaitable {
    private enum class State {
        OPEN,
        SHUT_DOWN,
        TERMINATED,
    }

    /** Leaves [State.OPEN] only under the lock of [live], under which tasks are added. */
    @Volatile private var state = State.OPEN
    private val live = ConcurrentHashMap.newKeySet<SubmittedJob<*>>()
    private val waiters = WaitQueue()

    // ---- submit

    override fun execute(command: Runnable) {
        requireArgument(command, "command") { notStarted() }
        refuseIfShutDown()
        if (scope.isCancelled)
            throw RejectedExecutionException(
                "${scope.toLabel()} is ${scope.state()} and cannot run a command; nothing was started. " +
                    seeError("executor-shut-down")
            )
        begin(ExecutedJob(this, command))
    }

    override fun <T> submit(task: Callable<T>): Future<T> {
        requireArgument(task, "task") { notStarted() }
        return begin(SubmittedCallable(this, task)).handle()
    }

    override fun submit(task: Runnable): Future<*> {
        requireArgument(task, "task") { notStarted() }
        return begin(SubmittedRunnable<Void?>(this, task, null)).handle()
    }

    override fun <T> submit(task: Runnable, result: T): Future<T> {
        requireArgument(task, "task") { notStarted() }
        return begin(SubmittedRunnable(this, task, result)).handle()
    }

    @JvmSynthetic fun notStarted() = "no task was started in ${scope.toLabel()}"

    @JvmSynthetic
    fun <J : SubmittedJob<*>> begin(job: J): J {
        refuseIfShutDown()
        scope.propagators?.let { job.addContextUnshared(it.capture(::notStarted)) }
        // No other thread can see the job yet, so these steps need no fence.
        job.queueUnshared()
        try {
            scope.list(job, "take a task")
        } catch (e: IllegalStateException) {
            throw RejectedExecutionException(e.message, e)
        }
        if (!enter(job)) {
            job.take() // the caller gets an exception, and keeps the task
            job.cancelUnbegun("${toLabel()} was shut down")
            throw refusal()
        }
        job.submit()
        if (job.wasRefused) throw refusalOf(job)
        return job
    }

    /** True if [job] was begun here and has not ended. */
    @JvmSynthetic fun isLive(job: SubmittedJob<*>): Boolean = job in live

    private fun enter(job: SubmittedJob<*>): Boolean {
        val entered = synchronized(live) { state == State.OPEN && live.add(job) }
        // publish, then re-check: pairs with ScopeExecutorService.ended
        if (entered && job.isCompleted && live.remove(job)) wakeIfTerminated()
        return entered
    }

    @JvmSynthetic
    fun refuseIfShutDown() {
        if (refresh() != State.OPEN) throw refusal()
    }

    private fun refusal() =
        RejectedExecutionException(
            if (!scope.isOpen()) scope.refusal("take a task").message
            else
                "${toLabel()} was shut down and cannot take a task; nothing was started. The scope is open: " +
                    "ask it for another executor. ${seeError("executor-shut-down")}"
        )

    /**
     * Returns what the scope's own executor threw. The caller throws it, because no code gets the
     * future of that task.
     */
    private fun refusalOf(job: SubmittedJob<*>): Throwable {
        job.markRead()
        return job.failed!!.exception
    }

    // ---- in bulk

    override fun <T> invokeAll(tasks: Collection<Callable<T>>): MutableList<Future<T>> =
        BulkInvocation(this).invokeAll(tasks, BlockingWait.FOREVER)

    override fun <T> invokeAll(
        tasks: Collection<Callable<T>>,
        timeout: Long,
        unit: TimeUnit,
    ): MutableList<Future<T>> {
        requireArgument(unit, "unit") { notStarted() }
        return BulkInvocation(this).invokeAll(tasks, nanosOf(timeout, unit))
    }

    override fun <T> invokeAny(tasks: Collection<Callable<T>>): T =
        BulkInvocation(this).invokeAny(tasks, BlockingWait.FOREVER)

    override fun <T> invokeAny(
        tasks: Collection<Callable<T>>,
        timeout: Long,
        unit: TimeUnit,
    ): T {
        requireArgument(unit, "unit") { notStarted() }
        return BulkInvocation(this).invokeAny(tasks, nanosOf(timeout, unit))
    }

    // ---- shut down

    override fun shutdown() {
        enterNoMore()
        wakeIfTerminated()
    }

    private fun enterNoMore() =
        synchronized(live) { if (state == State.OPEN) state = State.SHUT_DOWN }

    override fun shutdownNow(): MutableList<Runnable> {
        shutdown()
        val reason = "${toLabel()} was shut down at once"
        val taken = ArrayList<Pair<SubmittedJob<*>, Any>>()
        for (job in live) {
            // Take it first, because its end would settle it.
            taken.add(job to (job.take() ?: continue))
            // Cancel it before a running task stops and makes room for it.
            job.cancelUnbegun(reason)
        }
        Cancels.cancelAll(ArrayList(live), reason, interrupt = true, origin = null)
        val unbegun = taken.filter { (job, _) -> job.neverBegan() }
        return unbegun.mapTo(ArrayList()) { (_, given) -> SubmittedJob.asRunnable(given) }
    }

    override fun isShutdown(): Boolean = refresh() != State.OPEN

    override fun isTerminated(): Boolean = refresh() == State.TERMINATED

    override fun awaitTermination(timeout: Long, unit: TimeUnit): Boolean {
        requireArgument(unit, "unit") { "${toLabel()} was not waited for" }
        return awaitInterruptibly(this, nanosOf(timeout, unit)) == BlockingWait.Ended.OVER
    }

    /**
     * Overrides the method of JDK 19 and later, which JDK 17 does not have. The JDK's method waits
     * in slices of a day, and a wait with a limit finds no circle.
     */
    fun close() {
        shutdown()
        if (
            BlockingWait.waitFor(this, ThreadState.orNull(), BlockingWait.FOREVER) !=
                BlockingWait.Ended.INTERRUPT
        )
            return
        shutdownNow()
        BlockingWait.uninterruptibly(this)
    }

    /**
     * Updates and returns the state. A terminated view stays terminated, because no task enters
     * after the shutdown.
     */
    private fun refresh(): State {
        if (state == State.OPEN && !scope.isOpen()) enterNoMore()
        if (state == State.SHUT_DOWN && live.isEmpty()) state = State.TERMINATED
        return state
    }

    private fun wakeIfTerminated() {
        if (refresh() == State.TERMINATED) waiters.wakeAll()
    }

    // ---- JobOwner

    override fun nameOf(job: FutureJob<*>): String = scope.nameOf(job)

    override fun ended(job: FutureJob<*>) {
        job as SubmittedJob<*>
        settle(job)
        // This counts as a callback before the job leaves the scope, so the scope waits for it
        // (R23).
        if (job is ExecutedJob && job.hasBegun) job.failed?.let { reportSoon(job, it) }
        // Remove it from the view first, so that the view has terminated when the scope has closed.
        live.remove(job)
        scope.ended(job)
        wakeIfTerminated()
    }

    private fun reportSoon(job: ExecutedJob, failure: UnreadFailure) {
        job.handle().addDoneCallback { failure.report() }
    }

    /**
     * Handles the end of [job]. If the submitted object is itself a future and will never run, this
     * cancels it, so that its waiting threads go on. That may run user code.
     */
    private fun settle(job: SubmittedJob<*>) {
        val given = job.take()
        if (given !is Future<*> || job.hasBegun || job.end !is CancelledEnd) return
        scope.executeHoldingOpen(scope.engine.pool) {
            try {
                given.cancel(false)
            } catch (e: Throwable) {
                scope.report(FailureReport.Kind.CALLBACK_FAILED, job, e)
            }
        }
    }

    // ---- Awaitable: the termination

    @get:JvmSynthetic
    override val isOver: Boolean
        get() = isTerminated

    @get:JvmSynthetic
    override val kind: String
        get() = "executor"

    @get:JvmSynthetic
    override val isWholeScope: Boolean
        get() = true

    override fun name(): String = scope.name()

    override fun toLabel(): String = "the executor of ${scope.toLabel()}"

    override fun subscribe(waiter: Waiter) =
        waiters.subscribe(waiter) { scope.addWakeOnClose(waiter) }

    override fun unsubscribe(waiter: Waiter) {
        waiters.remove(waiter)
        scope.removeWakeOnClose(waiter)
    }

    override fun dependencies(visit: (Awaitable) -> Unit) = live.forEach(visit)

    override fun toString(): String {
        val shown = refresh().name.lowercase().replace('_', ' ')
        return "Executor of ${scope.toLabel()} ($shown, ${counted(live.size, "task")})"
    }
}
