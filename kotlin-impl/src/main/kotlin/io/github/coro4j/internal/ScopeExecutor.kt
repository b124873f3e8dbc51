package io.github.coro4j.internal

import io.github.coro4j.FailureReport
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Future
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/**
 * The view of a scope that `asExecutorService` returns, with the JDK's contract. Its tasks are in
 * the list of the scope like any other. The view also keeps its unended tasks, for `shutdownNow`
 * and for threads that wait for its termination. The scope does not know its views, so an unused
 * view can be collected.
 *
 * States: open, then shut down (it refuses new work), then terminated (the last task has ended).
 */
internal class ScopeExecutor(@get:JvmSynthetic override val scope: ScopeImpl) :
    ExecutorService, Owner, Awaited {
    private enum class State {
        OPEN,
        SHUT_DOWN,
        TERMINATED,
    }

    /** Leaves [State.OPEN] only under the lock of [live], under which tasks are added. */
    @Volatile private var state = State.OPEN
    private val live = ConcurrentHashMap.newKeySet<SubmittedJob<*>>()
    private val sleepers = CopyOnWriteArrayList<Wake>()

    // ---- submit

    override fun execute(command: Runnable) {
        requireArgument(command, "command") { notStarted() }
        refuseIfShutDown()
        if (scope.isCancelled)
            throw RejectedExecutionException(
                "${scope.toLabel()} is ${scope.state()} and cannot run a command; nothing was started. " +
                    "See docs/errors.md#executor-shut-down"
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

    private fun notStarted() = "no task was started in ${scope.toLabel()}"

    private fun <J : SubmittedJob<*>> begin(job: J): J {
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
            job.take() // it is the caller's again
            job.cancelUnbegun("${toLabel()} was shut down")
            throw refusal()
        }
        job.submit()
        if (job.wasRefused) throw refusalOf(job)
        return job
    }

    private fun enter(job: SubmittedJob<*>): Boolean {
        val entered = synchronized(live) { state == State.OPEN && live.add(job) }
        // add, then look: pairs with ended(), whose thread ends the job, then removes it
        if (entered && job.isCompleted && live.remove(job)) wakeIfTerminated()
        return entered
    }

    private fun refuseIfShutDown() {
        if (refresh() != State.OPEN) throw refusal()
    }

    private fun refusal() =
        RejectedExecutionException(
            if (!scope.isOpen()) scope.refusal("take a task").message
            else
                "${toLabel()} was shut down and cannot take a task; nothing was started. The scope is open: " +
                    "ask it for another executor. See docs/errors.md#executor-shut-down"
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
        invokeAll(tasks, Waiting.FOREVER)

    override fun <T> invokeAll(
        tasks: Collection<Callable<T>>,
        timeout: Long,
        unit: TimeUnit,
    ): MutableList<Future<T>> {
        requireArgument(unit, "unit") { notStarted() }
        return invokeAll(tasks, nanosOf(timeout, unit))
    }

    private fun <T> invokeAll(
        tasks: Collection<Callable<T>>,
        nanos: Long,
    ): MutableList<Future<T>> {
        val deadline = System.nanoTime() + nanos
        val jobs = jobsOf(tasks)
        fun late() = "invokeAll timed out after ${seconds(nanos)}"
        if (nanos == 0L) {
            refuseIfShutDown()
            return jobs.mapTo(ArrayList(jobs.size)) { scope.engine.cancelled<T>(late()) }
        }
        // Shields for jobs that are slow to stop. The JDK promises that each returned future is
        // done.
        val shields =
            if (nanos == Waiting.FOREVER) null else ArrayList<io.github.coro4j.Future<T>>()
        var isLate = false
        cancelUnlessReturned("invokeAll was broken off", jobs) {
            refuseIfShutDown()
            for (job in jobs) {
                // Check before each task, because an executor may run them on the spot.
                isLate = shields != null && deadline - System.nanoTime() <= 0
                if (isLate) break
                begin(job)
                shields?.add(job.handle().shield())
            }
            for (job in jobs) {
                if (isLate) break
                val left = if (shields == null) nanos else (deadline - System.nanoTime())
                isLate = await(job, left.coerceAtLeast(0)) == Waiting.Ended.TIME
            }
        }
        if (isLate) cancelAll(jobs.take(shields!!.size), late())
        return jobs.mapIndexedTo(ArrayList(jobs.size)) { index, job ->
            when {
                shields == null || job.isCompleted -> job.handle()
                index < shields.size -> shields[index].also { it.cancel(late()) }
                else -> scope.engine.cancelled<T>(late()) // was not begun
            }
        }
    }

    override fun <T> invokeAny(tasks: Collection<Callable<T>>): T =
        invokeAny(tasks, Waiting.FOREVER)

    override fun <T> invokeAny(
        tasks: Collection<Callable<T>>,
        timeout: Long,
        unit: TimeUnit,
    ): T {
        requireArgument(unit, "unit") { notStarted() }
        return invokeAny(tasks, nanosOf(timeout, unit))
    }

    private fun <T> invokeAny(tasks: Collection<Callable<T>>, nanos: Long): T {
        val jobs = jobsOf(tasks)
        require(jobs.isNotEmpty()) {
            "tasks must not be empty: ${notStarted()}; there would be no first one"
        }
        val deadline = System.nanoTime() + nanos
        fun left() =
            if (nanos == Waiting.FOREVER) nanos else (deadline - System.nanoTime()).coerceAtLeast(0)
        val first = FirstSuccessJob(scope, jobs).begin()
        cancelUnlessReturned("invokeAny was broken off", jobs) {
            refuseIfShutDown()
            for (job in jobs) {
                // Check before each task, because an executor may run them on the spot.
                if (first.isCompleted || left() == 0L && job !== jobs[0]) break
                begin(job)
            }
            if (await(first, left()) == Waiting.Ended.TIME)
                throw TimeoutException(
                    "none of ${counted(jobs.size, "task")} in ${scope.toLabel()} succeeded within ${seconds(nanos)}"
                )
        }
        val winner = first.getCompleted() ?: throw allFailed(jobs)
        cancelAll(jobs.filter(live::contains), "another task of invokeAny has succeeded")
        return winner.getCompleted()
    }

    private fun allFailed(jobs: List<FutureJob<*>>): ExecutionException {
        val failed = jobs.mapNotNull { it.failed }
        val primary =
            failed.firstOrNull() ?: return Exceptions.execution(jobs[0].outcome().exceptionOrNull())
        primary.markRead()
        val others = failed.map { it.exception }
        val first = jobs.first { it.failed === primary }
        val attached = scope.engine.sharedFailures.attach(primary.exception, others, jobs, first)
        for (each in failed) if (each.exception in attached) each.markRead()
        return Exceptions.execution(primary.exception)
    }

    /** Checks all tasks before any of them begins (R19). */
    private fun <T> jobsOf(tasks: Collection<Callable<T>>): List<SubmittedCallable<T>> {
        requireArgument(tasks, "tasks") { notStarted() }
        val jobs = ArrayList<SubmittedCallable<T>>(capacityOf(tasks))
        for (task in readOnce(tasks, "tasks", ::notStarted)) {
            requireArgument(task, "tasks[${jobs.size}]") { notStarted() }
            jobs.add(SubmittedCallable(this, task))
        }
        return jobs
    }

    private inline fun cancelUnlessReturned(
        reason: String,
        jobs: List<SubmittedJob<*>>,
        work: () -> Unit,
    ) {
        var isBroken = true
        try {
            work()
            isBroken = false
        } finally {
            // Cancel only the jobs that were begun. They are in `live`.
            if (isBroken) cancelAll(jobs.filter(live::contains), reason)
        }
    }

    private fun cancelAll(jobs: List<SubmittedJob<*>>, reason: String) =
        FutureJob.cancelAll(jobs, reason, interrupt = true, origin = null)

    private fun await(awaited: Awaited, nanos: Long): Waiting.Ended {
        val ended = Waiting.waitFor(awaited, Runner.orNull(), nanos)
        if (ended == Waiting.Ended.INTERRUPT) {
            Thread.interrupted() // the JDK's contract: the exception takes the place of the flag
            throw InterruptedException(Waiting.message(awaited.toLabel()))
        }
        return ended
    }

    /**
     * Returns the limit. The longest times mean for ever, as in the JDK, and then circles are
     * found.
     */
    private fun nanosOf(timeout: Long, unit: TimeUnit): Long {
        val nanos = unit.toNanos(timeout).coerceAtLeast(0)
        return if (nanos >= Waiting.LONGEST) Waiting.FOREVER else nanos
    }

    private fun seconds(nanos: Long) = seconds(java.time.Duration.ofNanos(nanos))

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
        cancelAll(ArrayList(live), reason)
        val unbegun = taken.filter { (job, _) -> job.neverBegan() }
        return unbegun.mapTo(ArrayList()) { (_, given) -> SubmittedJob.asRunnable(given) }
    }

    override fun isShutdown(): Boolean = refresh() != State.OPEN

    override fun isTerminated(): Boolean = refresh() == State.TERMINATED

    override fun awaitTermination(timeout: Long, unit: TimeUnit): Boolean {
        requireArgument(unit, "unit") { "${toLabel()} was not waited for" }
        return await(this, nanosOf(timeout, unit)) == Waiting.Ended.OVER
    }

    /**
     * Overrides the method of JDK 19 and later, which JDK 17 does not have. The JDK's method waits
     * in slices of a day, and a wait with a limit finds no circle.
     */
    fun close() {
        shutdown()
        if (Waiting.waitFor(this, Runner.orNull(), Waiting.FOREVER) != Waiting.Ended.INTERRUPT)
            return
        shutdownNow()
        Waiting.uninterruptibly(this)
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
        if (refresh() == State.TERMINATED) sleepers.forEach { it.run() }
    }

    // ---- Owner

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
        scope.occupants.underWay(1)
        scope.engine.pool.execute {
            try {
                given.cancel(false)
            } catch (e: Throwable) {
                scope.report(FailureReport.Kind.CALLBACK_FAILED, job, e)
            } finally {
                scope.occupants.underWay(-1)
            }
        }
    }

    // ---- Awaited: its termination

    @get:JvmSynthetic
    override val isOver: Boolean
        get() = isTerminated

    @get:JvmSynthetic
    override val kind: String
        get() = "executor"

    override fun name(): String = scope.name()

    override fun toLabel(): String = "the executor of ${scope.toLabel()}"

    override fun subscribe(wake: Wake) {
        sleepers.add(wake)
        scope.addWakeOnClose(wake)
        // subscribe, then look again: pairs with wakeIfTerminated(), called after the last end
        wake.run()
    }

    override fun unsubscribe(wake: Wake) {
        sleepers.remove(wake)
        scope.removeWakeOnClose(wake)
    }

    override fun dependencies(visit: (Awaited) -> Unit) = live.forEach(visit)

    override fun queuedOn(executor: Executor): BodyJob<*>? = Circles.queuedBehind(this, executor)

    override fun toString(): String {
        val shown = refresh().name.lowercase().replace('_', ' ')
        return "Executor of ${scope.toLabel()} ($shown, ${counted(live.size, "task")})"
    }
}
