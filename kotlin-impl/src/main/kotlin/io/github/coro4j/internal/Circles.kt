package io.github.coro4j.internal

import io.github.coro4j.DeadlockException
import java.util.IdentityHashMap
import java.util.concurrent.Executor

/** Follows what waits for what, and refuses a wait that would close a circle (R25, ADR 3). */
internal object Circles {
    fun queuedBehind(start: Awaited, executor: Executor): BodyJob<*>? {
        var found: BodyJob<*>? = null
        walk(start, { true }, Awaited::contributors) { each ->
            if (each is FutureJob<*> && each.scope.executor === executor) {
                if (each is BodyJob<*> && each.isQueued) found = each
                if (each is GroupJob<*, *>) found = each.aUnbegunBody()
            }
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
        start: Awaited,
        through: (Awaited) -> Boolean,
        links: (Awaited, (Awaited) -> Unit) -> Unit = Awaited::dependencies,
        stop: (Awaited) -> Boolean,
    ): Map<Awaited, Awaited?> {
        val cameFrom = IdentityHashMap<Awaited, Awaited?>()
        val pending = ArrayDeque<Awaited>()
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

    fun leadsTo(start: Awaited, target: Awaited): Boolean =
        walk(start, { true }) { it === target }.containsKey(target)

    /**
     * Throws if [target] depends on [me], which is about to wait for it. The caller publishes its
     * wait first. [isBlocked] tells whether the given element cannot end before that wait has.
     */
    inline fun refuse(
        me: WorkJob<*>,
        target: Awaited,
        mustWait: Boolean,
        where: String,
        isBlocked: (Awaited) -> Boolean,
    ) {
        var end: Awaited? = null
        val cameFrom =
            walk(target, { mustWait || !it.endsInTime }) {
                if (isBlocked(it)) end = it
                end != null
            }
        throw circle(me, target, end ?: return, cameFrom, mustWait, where) ?: return
    }

    fun circle(
        me: WorkJob<*>,
        target: Awaited,
        end: Awaited,
        cameFrom: Map<Awaited, Awaited?>,
        mustWait: Boolean,
        where: String,
    ): DeadlockException? {
        val circle = ArrayList<Awaited>()
        var each: Awaited? = end
        while (each != null) {
            circle.add(each)
            each = cameFrom[each]
        }
        // The close of that scope has cancelled this task, so its wait ends and opens the circle.
        if (me.isCancelled && !mustWait && circle.any { it is ScopeImpl }) return null
        // The list runs from `end` to `target`; "waits for" runs the other way.
        circle.reverse()
        val names = listOf(end.name()) + circle.dropLast(1).map { it.name() }
        val text = (listOf(end) + circle).joinToString(" -> ") { it.toLabel() }
        val wayOut =
            if (target is ScopeImpl || target is ScopeExecutor)
                "Let a thread outside these tasks wait for the ${target.kind}."
            else "Use addDoneCallback or flatMap instead of waiting."
        return DeadlockException(
            "${me.toLabel()} cannot wait for ${target.toLabel()}: that would close the circle " +
                "$text, and the wait$where could never end. " +
                "$wayOut See docs/errors.md#deadlock",
            names,
        )
    }
}
