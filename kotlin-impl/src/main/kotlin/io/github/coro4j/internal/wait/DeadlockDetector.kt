package io.github.coro4j.internal.wait

import io.github.coro4j.DeadlockException
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.Group
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.job.startedAt
import io.github.coro4j.spi.BuildInfo.seeError
import java.util.IdentityHashMap
import java.util.concurrent.Executor
import java.util.concurrent.locks.LockSupport

/** Follows what waits for what, and refuses a wait that would close a circle (R25, ADR 3). */
internal object DeadlockDetector {
    /** Returns a body that [start] waits for and that is in the queue of [executor], or null. */
    fun queuedBehind(start: Awaitable, executor: Executor): BodyJob<*>? {
        var found: BodyJob<*>? = null
        walk(start, { true }, Awaitable::contributors) { each ->
            found = each.queuedBody(executor)
            found != null
        }
        return found
    }

    /**
     * Visits [start] and then what it depends on by [links], each element once, until [stop]
     * returns true. It does not go beyond an element for which [through] returns false. Returns for
     * each visited element the one that led to it.
     */
    inline fun walk(
        start: Awaitable,
        through: (Awaitable) -> Boolean,
        links: (Awaitable, (Awaitable) -> Unit) -> Unit = Awaitable::dependencies,
        stop: (Awaitable) -> Boolean,
    ): Map<Awaitable, Awaitable?> {
        val cameFrom = IdentityHashMap<Awaitable, Awaitable?>()
        val pending = ArrayDeque<Awaitable>()
        cameFrom[start] = null
        pending.add(start)
        while (true) {
            val each = pending.removeFirstOrNull() ?: break
            if (stop(each)) break
            if (!through(each)) continue
            links(each) { next ->
                if (!cameFrom.containsKey(next) && !next.isOver) {
                    cameFrom[next] = each
                    pending.add(next)
                }
            }
        }
        return cameFrom
    }

    fun leadsTo(start: Awaitable, target: Awaitable): Boolean {
        // Most futures depend on nothing, and need no search.
        var isAlone = start !== target
        if (isAlone) start.dependencies { isAlone = false }
        return !isAlone && walk(start, { true }) { it === target }.containsKey(target)
    }

    /**
     * Throws if [target] depends on [me], which is about to wait for it. The caller publishes its
     * wait first. [isBlocked] tells whether the given element cannot end before that wait has.
     */
    inline fun refuse(
        me: Awaitable,
        target: Awaitable,
        mustWait: Boolean,
        where: String,
        isBlocked: (Awaitable) -> Boolean,
    ) {
        lookUntilSettled(target, { !it.endsByOne && (mustWait || !it.endsInTime) }, isBlocked) {
            end,
            cameFrom ->
            throw circle(me, target, end, cameFrom, mustWait, where) ?: return
        }
    }

    /**
     * Calls [refuse] with an element for which [isBlocked] is true, if a look from [target] finds
     * one. If the state of an element on the way there is about to change, it looks again. A thread
     * that has ended a member and not yet reported that needs a moment, and on a busy machine much
     * longer. If the state has not changed after [MOST_LOOKS], about five seconds, the thread that
     * must change it is most likely this one.
     */
    inline fun lookUntilSettled(
        target: Awaitable,
        through: (Awaitable) -> Boolean,
        isBlocked: (Awaitable) -> Boolean,
        refuse: (Awaitable, Map<Awaitable, Awaitable?>) -> Unit,
    ) {
        var looks = 0
        while (true) {
            var end: Awaitable? = null
            val cameFrom =
                walk(target, through) {
                    if (isBlocked(it)) end = it
                    end != null
                }
            val found = end
            if (found == null) return
            // A scope may be over for a moment only, while a failure passes to a future in it.
            if (target.isOver && !target.isWholeScope) return
            val isSettled = generateSequence(found) { cameFrom[it] }.none { it.isUnsettled }
            if (isSettled || looks == MOST_LOOKS) return refuse(found, cameFrom)
            LockSupport.parkNanos(if (looks++ < QUICK_LOOKS) QUICK_PAUSE else SLOW_PAUSE)
        }
    }

    /** Numbers of looks at a state that is about to change. */
    const val QUICK_LOOKS = 200
    const val MOST_LOOKS = 300

    /** Time between two looks, in nanoseconds. */
    const val QUICK_PAUSE = 1_000_000L
    const val SLOW_PAUSE = 50_000_000L

    /** Throws if [target] depends on work that only this thread, of [waiter], can run. */
    fun refuseOnItsThread(target: Awaitable, waiter: String) {
        lookUntilSettled(target, { !it.endsInTime && !it.mayEndEarly }, { it.needsThisThread }) {
            work,
            _ ->
            throw onlyThisThread(target, waiter, work)
        }
    }

    private fun onlyThisThread(target: Awaitable, waiter: String, work: Awaitable) =
        DeadlockException(
            "$waiter cannot wait for ${target.toLabel()}: " +
                when (work) {
                    is JobScope -> "${work.toLabel()} has a callback"
                    is BodyJob<*> -> "${work.toLabel()} is a body"
                    is Group -> "${work.toLabel()} has bodies or calls"
                    else -> "${work.toLabel()} is a coroutine"
                } +
                " that only this thread can run, so the wait could never end. " +
                when (work) {
                    is JobScope -> "Call closeAsync, or wait on another thread. "
                    is BodyJob<*> -> "Add a callback, or wait on another thread. "
                    else -> "Call await() in a suspend function, or wait on another thread. "
                } +
                seeError("only-this-thread"),
            listOf(Thread.currentThread().name, work.name()),
        )

    fun circle(
        me: Awaitable,
        target: Awaitable,
        end: Awaitable,
        cameFrom: Map<Awaitable, Awaitable?>,
        mustWait: Boolean,
        where: String,
    ): DeadlockException? {
        val circle = ArrayList<Awaitable>()
        var each: Awaitable? = end
        while (each != null) {
            circle.add(each)
            each = cameFrom[each]
        }
        // The close of that scope has cancelled this task, so its wait ends and opens the circle.
        if (
            !mustWait &&
                (me as? UserCodeJob<*>)?.isCancelled == true &&
                circle.any { it is JobScope }
        )
            return null
        // The list runs from `end` to `target`; "waits for" runs the other way.
        circle.reverse()
        val names = listOf(end.name()) + circle.dropLast(1).map { it.name() }
        val text = (listOf(end) + circle).joinToString(" -> ", transform = ::labelIn)
        val wayOut =
            when {
                target.isWholeScope ->
                    "Let a thread outside these tasks wait for the ${target.kind}."
                circle.any { it.waitsForPermitOf != null } ->
                    "Do not wait for such work while holding a permit of the same limit."
                circle.size == 1 || me !is FutureJob<*> ->
                    "Return instead of waiting, or let other code wait."
                else -> "Use addDoneCallback or flatMap instead of waiting."
            }
        return DeadlockException(
            "${me.toLabel()} cannot wait for ${target.toLabel()}: that would close the circle " +
                "$text, and the wait$where could never end. " +
                "$wayOut ${sitesOf(listOf(end) + circle.dropLast(1))}${seeError("deadlock")}",
            names,
        )
    }

    private fun labelIn(each: Awaitable): String =
        each.waitsForPermitOf?.let { "${each.toLabel()} (waits for a permit of $it)" }
            ?: each.toLabel()

    /** Returns where the jobs of a circle were started, as a sentence, or an empty text. */
    private fun sitesOf(circle: List<Awaitable>): String {
        val sites =
            circle.filterIsInstance<FutureJob<*>>().mapNotNull { job ->
                job.startedAt()?.let { "${job.toLabel()} was started at $it" }
            }
        return if (sites.isEmpty()) "" else sites.joinToString("; ", postfix = ". ")
    }
}
