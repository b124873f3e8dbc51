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
 * `asExecutorService`: a view of a scope with the JDK's contract. Its tasks are tasks of the scope,
 * in its list like any other; beside that the view keeps those which have not ended, for
 * `shutdownNow` and for whoever waits for its end. The scope does not know its views, so one that
 * is dropped is gone.
 *
 * Open, then shut down (new work is refused), then terminated, when the last task has ended.
 */
internal class ScopeExecutor(@get:JvmSynthetic override val scope: ScopeImpl) :
    ExecutorService, Owner, Awaited {
    private enum class State {
        OPEN,
        SHUT_DOWN,
        TERMINATED,
    }

    /** Leaves [State.OPEN] under the lock of [live], under which that grows. */
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
        scope.carriers?.let { job.carryUnshared(it.capture(::notStarted)) }
        // Its first steps cost no fence, because nobody sees it yet.
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
        // Added first, then looked: an end that did not find it is seen here.
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

    /** The scope's own executor threw: as here, and not as the end of a task that nobody gets. */
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
        // For those that are slow to stop: the JDK promises that each is done.
        val shields =
            if (nanos == Waiting.FOREVER) null else ArrayList<io.github.coro4j.Future<T>>()
        var isLate = false
        cancelUnlessReturned("invokeAll was broken off", jobs) {
            refuseIfShutDown()
            for (job in jobs) {
                // Between the tasks, since an executor may run each of them on the spot.
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
                // Between the tasks, since an executor may run each of them on the spot.
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

    /** All are looked at before any begins (R19). */
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
            // Only those that have begun their way.
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

    /** The longest times mean for ever, as everywhere in the JDK; then circles are found. */
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
            // Taken first: at its end it would be settled.
            taken.add(job to (job.take() ?: continue))
            // Before any stops that runs, and makes room for it.
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
     * Overrides that of JDK 19 and later, which is not there on 17. Its own waits in slices of a
     * day, and in a wait with a limit nobody looks for a circle.
     */
    fun close() {
        shutdown()
        if (Waiting.waitFor(this, Runner.orNull(), Waiting.FOREVER) != Waiting.Ended.INTERRUPT)
            return
        shutdownNow()
        Waiting.uninterruptibly(this)
    }

    /** What was terminated stays so: nothing enters after the first step. */
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
        // Counted as a callback before the job leaves the scope, so that this waits for it (R23).
        if (job is ExecutedJob && job.hasBegun) job.failed?.let { reportSoon(job, it) }
        // First: when the scope has closed, this has terminated.
        live.remove(job)
        scope.ended(job)
        wakeIfTerminated()
    }

    private fun reportSoon(job: ExecutedJob, failure: UnreadFailure) {
        job.handle().addDoneCallback { failure.report() }
    }

    /**
     * [job] has ended. Is what was given, and will never run, a future that others wait for, they
     * learn of it; that may run user code.
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
        // It may have been over before the waiter was in the lists.
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
