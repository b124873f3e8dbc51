package io.github.coro4j.internal.dump

import io.github.coro4j.internal.coroutine.CoroutineJob
import io.github.coro4j.internal.coroutine.CoroutineRootJob
import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.job.BodyRun
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.spi.Activity
import io.github.coro4j.spi.Turns

/**
 * Finds what a scope and the scopes inside it are doing, for a clock that waits until nothing runs.
 * A job is idle if it can go on only once something else has ended: a wait of the engine whose end
 * has not come, or a coroutine that is on no thread and in no queue.
 *
 * One look reads one thing after another, so a body that it has seen idle may run when it reads the
 * next. The caller looks again, and compares the stamps. Nothing in the scope can wake a body
 * without being seen busy, or changing the stamp: a job begins or ends, another wait begins, or a
 * step has held the scope open.
 */
internal class ActivityTaker {
    private val busy = ArrayList<Activity.Work>()
    private val waiting = ArrayList<Activity.Work>()
    private var stamp = 0L
    private var heldOpen = 0

    /** True if callbacks of a scope run on an executor of the user. */
    private var callsElsewhere = false

    fun take(scope: JobScope): Activity {
        look(scope)
        scope.time.runs?.forEach {
            val state = (it as BodyRun).state
            val body = state.current
            if (isIdle(state, body?.scope?.executor as? Turns)) return@forEach
            if (body == null) isBusy("the end of a body", "runs", state.thread)
            else if (busy.none { it.thread() === state.thread }) isBusy(body, "runs", state.thread)
        }
        var inWait = 0
        scope.time.waitsOfSteps?.forEach { isOver -> if (!isOver()) inWait++ }
        val running = heldOpen - inWait
        if (running > 0)
            isBusy(
                if (running == 1) "1 callback or step" else "$running callbacks or steps",
                "has not run",
                null,
                isInForeignQueue = callsElsewhere,
            )
        return Activity(busy, waiting, stamp)
    }

    private fun look(scope: JobScope) {
        heldOpen += scope.countHeldOpen()
        if (scope.callbackExecutor !== scope.engine.pool) callsElsewhere = true
        stamp += scope.countEverHeldOpen()
        val turns = scope.executor as? Turns
        scope.eachOpenPart { state ->
            if (if (state == null) turns == null else !isIdle(state, turns))
                isBusy(
                    "a coroutine of ${scope.toLabel()}",
                    if (state == null) "is queued" else "runs",
                    state?.thread,
                    isInForeignQueue = state == null && scope.executor !== scope.engine.pool,
                )
        }
        scope.dependencies { each ->
            if (each is JobScope) look(each) else if (each is FutureJob<*>) look(each, turns)
        }
    }

    private fun look(job: FutureJob<*>, turns: Turns?) {
        if (job is CoroutineRootJob && job.isIdle) return
        note(job)
        when {
            job.isDone -> isBusy(job, "ends")
            job is GroupJob<*, *> -> lookAtGroup(job)
            job is UserCodeJob<*> -> lookAtBody(job, turns)
            else -> lookAtFollower(job)
        }
    }

    private fun lookAtGroup(group: GroupJob<*, *>) {
        val source = group.source
        val makesMembers = source.unmade > 0 && source.unmadeProgress == Progress.QUEUED
        val isDeciding = source.unmade == 0 && source.members.all { it.isDone }
        if (makesMembers || isDeciding) isBusy(group, "goes on") else isWaiting(group)
    }

    private fun lookAtBody(job: UserCodeJob<*>, turns: Turns?) {
        when (job.progress) {
            Progress.QUEUED -> if (turns == null) isQueued(job) else isWaiting(job)
            Progress.RUNNING -> {
                val state = job.threadState
                if (state != null && isIdle(state, turns)) isWaiting(job)
                else isBusy(job, "runs", state?.thread)
            }
            Progress.SUSPENDED -> {
                var isResumed = false
                (job as? CoroutineJob<*>)?.forEachWait {
                    note(it)
                    if (it.awaited.isOver) isResumed = true
                }
                if (isResumed) isBusy(job, "goes on") else isWaiting(job)
            }
            Progress.ENDING -> {
                val waits =
                    job.started?.jobs()?.any { !it.isDone } == true ||
                        job.children.any { !it.isCompleted }
                if (waits) isWaiting(job) else isBusy(job, "ends", job.threadState?.thread)
            }
            Progress.ENDED -> isBusy(job, "ends")
            Progress.PENDING,
            Progress.WITHOUT_PERMIT -> lookAtFollower(job)
        }
    }

    /** Looks at a job that ends, or begins, when what it depends on has ended. */
    private fun lookAtFollower(job: FutureJob<*>) {
        var goesOn = false
        job.dependencies { if (it.isOver) goesOn = true }
        if (goesOn) isBusy(job, "goes on") else isWaiting(job)
    }

    /** Returns whether the body on top of the stack of [state] cannot go on by itself. */
    private fun isIdle(state: ThreadState, turns: Turns?): Boolean {
        if (turns?.isInLine(state.thread) == true) return true
        val top = state.current
        val awaited = state.waitingFor ?: state.waitingInTime ?: return false
        note(awaited)
        if (awaited.isOver || state.thread.isInterrupted) return false
        return top == null || !top.isCancelled || state.mustWait || state.uncancellable === top
    }

    /** Changes the stamp by an object. The order in which objects are found does not matter. */
    private fun note(found: Any) {
        stamp += System.identityHashCode(found).toLong() * 0x9E3779B97F4A7C15uL.toLong()
    }

    private fun isBusy(job: FutureJob<*>, doing: String, thread: Thread? = null) {
        busy.add(Activity.Work(job.handle(), job.toLabel(), doing, thread, false))
    }

    private fun isQueued(job: FutureJob<*>) {
        val isElsewhere = job.scope.executor !== job.scope.engine.pool
        busy.add(Activity.Work(job.handle(), job.toLabel(), "is queued", null, isElsewhere))
    }

    private fun isBusy(
        label: String,
        doing: String,
        thread: Thread?,
        isInForeignQueue: Boolean = false,
    ) {
        busy.add(Activity.Work(null, label, doing, thread, isInForeignQueue))
    }

    private fun isWaiting(job: FutureJob<*>) {
        waiting.add(Activity.Work(job.handle(), job.toLabel(), "waits", null, false))
    }
}
