package io.github.coro4j.internal.wait

import io.github.coro4j.DeadlockException
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.UserCodeJob
import java.util.IdentityHashMap
import java.util.concurrent.Executor

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

    fun leadsTo(start: Awaitable, target: Awaitable): Boolean =
        walk(start, { true }) { it === target }.containsKey(target)

    /**
     * Throws if [target] depends on [me], which is about to wait for it. The caller publishes its
     * wait first. [isBlocked] tells whether the given element cannot end before that wait has.
     */
    inline fun refuse(
        me: UserCodeJob<*>,
        target: Awaitable,
        mustWait: Boolean,
        where: String,
        isBlocked: (Awaitable) -> Boolean,
    ) {
        var end: Awaitable? = null
        val cameFrom =
            walk(target, { mustWait || !it.endsInTime }) {
                if (isBlocked(it)) end = it
                end != null
            }
        throw circle(me, target, end ?: return, cameFrom, mustWait, where) ?: return
    }

    fun circle(
        me: UserCodeJob<*>,
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
        if (me.isCancelled && !mustWait && circle.any { it is JobScope }) return null
        // The list runs from `end` to `target`; "waits for" runs the other way.
        circle.reverse()
        val names = listOf(end.name()) + circle.dropLast(1).map { it.name() }
        val text = (listOf(end) + circle).joinToString(" -> ") { it.toLabel() }
        val wayOut =
            if (target.isWholeScope) "Let a thread outside these tasks wait for the ${target.kind}."
            else "Use addDoneCallback or flatMap instead of waiting."
        return DeadlockException(
            "${me.toLabel()} cannot wait for ${target.toLabel()}: that would close the circle " +
                "$text, and the wait$where could never end. " +
                "$wayOut See docs/errors.md#deadlock",
            names,
        )
    }
}
