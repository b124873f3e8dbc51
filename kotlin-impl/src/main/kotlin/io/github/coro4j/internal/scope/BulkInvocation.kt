package io.github.coro4j.internal.scope

import io.github.coro4j.internal.base.LONGEST_WAIT
import io.github.coro4j.internal.base.capacityOf
import io.github.coro4j.internal.base.counted
import io.github.coro4j.internal.base.readOnce
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.seconds
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.Cancels
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.wait.BlockingWait
import io.github.coro4j.internal.wait.GuardedWait
import io.github.coro4j.internal.wait.WaitMessages
import io.github.coro4j.internal.wait.timeOfWaitsHere
import io.github.coro4j.spi.Exceptions
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.ExecutionException
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** One call of `invokeAll` or `invokeAny` of [view], with the JDK's contract. */
internal class BulkInvocation(private val view: ScopeExecutorService) {
    fun <T> invokeAll(
        tasks: Collection<Callable<T>>,
        nanos: Long,
    ): MutableList<Future<T>> {
        val time = timeOfWaitsHere()
        val deadline = time.nanos() + nanos
        val jobs = jobsOf(tasks)
        fun late() = "invokeAll timed out after ${seconds(Duration.ofNanos(nanos))}"
        if (nanos == 0L) {
            view.refuseIfShutDown()
            return jobs.mapTo(ArrayList(jobs.size)) { io.github.coro4j.Future.cancelled<T>(late()) }
        }
        // Shields for jobs that are slow to stop. The JDK promises that each returned future is
        // done.
        val shields =
            if (nanos == BlockingWait.FOREVER) null else ArrayList<io.github.coro4j.Future<T>>()
        var isLate = false
        if (jobs.isNotEmpty())
            GuardedWait.ask(view.scope, nanos) { "invokeAll of ${view.toLabel()}" }
        cancelUnlessReturned("invokeAll was broken off", jobs) {
            view.refuseIfShutDown()
            for (job in jobs) {
                // Check before each task, because an executor may run them on the spot.
                isLate = shields != null && deadline - time.nanos() <= 0
                if (isLate) break
                view.begin(job)
                shields?.add(job.handle().shield())
            }
            for (job in jobs) {
                if (isLate) break
                val left = if (shields == null) nanos else (deadline - time.nanos())
                isLate = awaitInterruptibly(job, left.coerceAtLeast(0)) == BlockingWait.Ended.TIME
            }
        }
        if (isLate) cancelAll(jobs.take(shields!!.size), late())
        return jobs.mapIndexedTo(ArrayList(jobs.size)) { index, job ->
            when {
                shields == null || job.isCompleted -> job.handle()
                index < shields.size -> shields[index].also { it.cancel(late()) }
                else -> io.github.coro4j.Future.cancelled<T>(late()) // was not begun
            }
        }
    }

    fun <T> invokeAny(tasks: Collection<Callable<T>>, nanos: Long): T {
        val jobs = jobsOf(tasks)
        require(jobs.isNotEmpty()) {
            "tasks must not be empty: ${view.notStarted()}; there would be no first one"
        }
        GuardedWait.ask(view.scope, nanos) { "invokeAny of ${view.toLabel()}" }
        val time = timeOfWaitsHere()
        val deadline = time.nanos() + nanos
        fun left() =
            if (nanos == BlockingWait.FOREVER) nanos else (deadline - time.nanos()).coerceAtLeast(0)
        val first = FirstSuccessJob(view.scope, jobs).begin()
        cancelUnlessReturned("invokeAny was broken off", jobs) {
            view.refuseIfShutDown()
            for (job in jobs) {
                // Check before each task, because an executor may run them on the spot.
                if (first.isCompleted || left() == 0L && job !== jobs[0]) break
                view.begin(job)
            }
            if (awaitInterruptibly(first, left()) == BlockingWait.Ended.TIME)
                throw TimeoutException(
                    "none of ${counted(jobs.size, "task")} in ${view.scope.toLabel()} succeeded within ${seconds(Duration.ofNanos(nanos))}"
                )
        }
        val winner = first.getCompleted() ?: throw allFailed(jobs)
        cancelAll(jobs.filter(view::isLive), "another task of invokeAny has succeeded")
        return winner.getCompleted()
    }

    private fun allFailed(jobs: List<FutureJob<*>>): ExecutionException {
        val failed = jobs.mapNotNull { it.failed }
        val primary =
            failed.firstOrNull() ?: return Exceptions.execution(jobs[0].outcome().exceptionOrNull())
        primary.markRead()
        val others = failed.map { it.exception }
        val first = jobs.first { it.failed === primary }
        val attached =
            view.scope.engine.sharedFailures.attach(primary.exception, others, jobs, first)
        for (each in failed) if (each.exception in attached) each.markRead()
        return Exceptions.execution(primary.exception)
    }

    /** Checks all tasks before any of them begins (R19). */
    private fun <T> jobsOf(tasks: Collection<Callable<T>>): List<SubmittedCallable<T>> {
        requireArgument(tasks, "tasks") { view.notStarted() }
        val jobs = ArrayList<SubmittedCallable<T>>(capacityOf(tasks))
        for (task in readOnce(tasks, "tasks", view::notStarted)) {
            requireArgument(task, "tasks[${jobs.size}]") { view.notStarted() }
            jobs.add(SubmittedCallable(view, task))
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
            // Cancel only the jobs that were begun. They are in the view.
            if (isBroken) cancelAll(jobs.filter(view::isLive), reason)
        }
    }

    private fun cancelAll(jobs: List<SubmittedJob<*>>, reason: String) =
        Cancels.cancelAll(jobs, reason, interrupt = true, origin = null)
}

/** Waits with the JDK's contract of `InterruptedException`. */
internal fun awaitInterruptibly(awaited: Awaitable, nanos: Long): BlockingWait.Ended {
    val ended = BlockingWait.waitFor(awaited, ThreadState.orNull(), nanos)
    if (ended == BlockingWait.Ended.INTERRUPT) {
        Thread.interrupted() // the JDK's contract: the exception takes the place of the flag
        throw InterruptedException(WaitMessages.message(awaited.toLabel()))
    }
    return ended
}

/**
 * Returns the limit. The longest times mean for ever, as in the JDK, and then circles are found.
 */
internal fun nanosOf(timeout: Long, unit: TimeUnit): Long {
    val nanos = unit.toNanos(timeout).coerceAtLeast(0)
    return if (nanos >= LONGEST_WAIT) BlockingWait.FOREVER else nanos
}
