package io.github.coro4j.internal.dump

import io.github.coro4j.internal.coroutine.CoroutineJob
import io.github.coro4j.internal.coroutine.CoroutineRootJob
import io.github.coro4j.internal.coroutine.isElsewhere
import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.job.BodyRun
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.time.TimedWork
import io.github.coro4j.spi.Activity
import io.github.coro4j.spi.Turns

/**
 * Finds what a scope and the scopes inside it are doing, for a clock that waits until nothing runs.
 * Busy is each thread that runs code of the scope and does not wait for something whose end has not
 * come; what waits for a thread; and each step that holds a scope open. [TimedWork] has the
 * threads, and the jobs say what waits for a thread.
 *
 * One look reads one thing after another, so a body that it has seen idle may run when it reads the
 * next. The caller looks again, and compares the stamps. Nothing can wake a body without being seen
 * busy, or changing the stamp: each begin and end of user code, and each begin of a wait, changes
 * it.
 */
internal class ActivityTaker(
    /** True to list what waits, which costs more than the rest. */
    private val listsWaiting: Boolean
) {
    private val busy = ArrayList<Activity.Work>()
    private val waiting = ArrayList<Activity.Work>()
    private var stamp = 0L
    private var heldOpen = 0

    /** The executors that give turns. */
    private val turnsSeen = HashSet<Turns>()

    fun take(scope: JobScope): Activity {
        look(scope)
        val work = scope.time.work ?: return Activity(busy, waiting, stamp)
        (work.outer as JobScope?)?.let { if (it !== scope) look(it) }
        stamp += work.changes
        work.runs.forEach { lookAtRun((it as BodyRun).state) }
        lookAtSteps(work)
        return Activity(busy, waiting, stamp)
    }

    private fun lookAtSteps(work: TimedWork) {
        val inWait = work.waitsOfSteps.count { isOver -> !isOver() }
        val queued = work.queued.get() + (heldOpen - work.holding.get() - inWait).coerceAtLeast(0)
        if (queued > 0) isBusy("$queued callbacks or steps of the engine", "have not run")
        val elsewhere = work.queuedElsewhere.get()
        if (elsewhere > 0)
            isBusy("$elsewhere callbacks", "wait for an executor", isInForeignQueue = true)
    }

    private fun lookAtRun(state: ThreadState) {
        if (isIdle(state)) return
        val body = state.current
        when {
            body == null ->
                isBusy(
                    state.codeHere() ?: "the end of a body or callback",
                    "runs",
                    thread = state.thread,
                )
            busy.none { it.thread() === state.thread } -> isBusy(body, "runs", state.thread)
        }
    }

    private fun look(scope: JobScope) {
        heldOpen += scope.countHeldOpen()
        stamp += scope.countEverHeldOpen()
        val turns = scope.executor as? Turns
        if (turns != null) turnsSeen.add(turns)
        scope.eachOpenPart { state ->
            if (state == null && turns == null)
                isBusy(
                    "a coroutine of ${scope.toLabel()}",
                    "is queued",
                    isInForeignQueue = !scope.onlyQueues,
                )
        }
        scope.dependencies { each ->
            if (each is JobScope) lookInside(each) else if (each is FutureJob<*>) look(each, turns)
        }
    }

    private fun lookInside(scope: JobScope) {
        look(scope)
        if (listsWaiting && scope.isOpen)
            waiting.add(Activity.Work(null, scope.toLabel(), "is open", null, false))
    }

    private fun look(job: FutureJob<*>, turns: Turns?) {
        if (job is CoroutineRootJob && job.isIdle) return
        // The runs have the thread that has ended a job and not returned yet.
        if (job.isDone) return
        when {
            job is GroupJob<*, *> -> lookAtGroup(job)
            job is UserCodeJob<*> -> lookAtBody(job, turns)
            else -> lookAtFollower(job)
        }
    }

    private fun lookAtGroup(group: GroupJob<*, *>) {
        val source = group.source
        // A worker that was called and has not come yet makes the next member.
        if (source.unmade > 0 && source.unmadeProgress == Progress.QUEUED) isBusy(group, "goes on")
        else isWaiting(group)
    }

    private fun lookAtBody(job: UserCodeJob<*>, turns: Turns?) {
        when (job.progress) {
            Progress.QUEUED -> if (turns == null) isQueued(job) else isWaiting(job)
            Progress.RUNNING -> {
                val state = job.threadState
                if (state != null && isIdle(state)) isWaiting(job)
                else isBusy(job, "runs", state?.thread)
            }
            Progress.SUSPENDED -> {
                var isResumed = false
                (job as? CoroutineJob<*>)?.forEachWait { if (it.awaited.isOver) isResumed = true }
                if (isResumed) isBusy(job, "goes on") else isSuspended(job)
            }
            Progress.ENDING -> isSuspended(job)
            Progress.ENDED -> Unit
            Progress.PENDING,
            Progress.WITHOUT_PERMIT ->
                if (job is CoroutineRootJob) isSuspended(job) else lookAtFollower(job)
        }
    }

    /** Handles a job on no thread. A coroutine on a dispatcher of the user may be in its queue. */
    private fun isSuspended(job: UserCodeJob<*>) {
        if (job is CoroutineJob<*> && job.isElsewhere())
            isBusy(job, "is on another dispatcher", isInForeignQueue = true)
        else isWaiting(job)
    }

    /** Looks at a job that ends, or begins, when what it depends on has ended. */
    private fun lookAtFollower(job: FutureJob<*>) {
        var goesOn = false
        job.dependencies { if (it.isOver) goesOn = true }
        if (goesOn) isBusy(job, "goes on") else isWaiting(job)
    }

    /** Returns whether the code on top of the stack of [state] cannot go on by itself. */
    private fun isIdle(state: ThreadState): Boolean {
        val top = state.current
        if (turnsSeen.any { it.isInLine(state.thread) }) return true
        val awaited = state.waitingFor ?: state.waitingInTime ?: return false
        if (awaited.isOver || state.thread.isInterrupted) return false
        return top == null || !top.isCancelled || state.mustWait || state.uncancellable === top
    }

    // ---- what was found

    private fun isQueued(job: FutureJob<*>) =
        isBusy(job, "is queued", isInForeignQueue = !job.scope.onlyQueues)

    private fun isBusy(
        job: FutureJob<*>,
        doing: String,
        thread: Thread? = null,
        isInForeignQueue: Boolean = false,
    ) {
        busy.add(Activity.Work(job.handle(), job.toLabel(), doing, thread, isInForeignQueue))
    }

    private fun isBusy(
        label: String,
        doing: String,
        thread: Thread? = null,
        isInForeignQueue: Boolean = false,
    ) {
        busy.add(Activity.Work(null, label, doing, thread, isInForeignQueue))
    }

    private fun isWaiting(job: FutureJob<*>) {
        if (listsWaiting)
            waiting.add(Activity.Work(job.handle(), job.toLabel(), "waits", null, false))
    }
}
