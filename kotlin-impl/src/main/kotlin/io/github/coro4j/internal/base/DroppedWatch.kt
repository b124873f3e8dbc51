package io.github.coro4j.internal.base

import java.util.concurrent.atomic.AtomicInteger

/** The watch for unreachable droppable jobs. Its thread runs while a thread waits for a scope. */
internal class DroppedWatch {
    private val listed = AtomicInteger()
    private val waiters = AtomicInteger()
    val references = ReferenceWatch("coro4j-dropped", ::isNeeded)

    private val isNeeded: Boolean
        get() = listed.get() > 0 && waiters.get() > 0

    fun listed(change: Int) = change(listed, change)

    fun waiters(change: Int) = change(waiters, change)

    private fun change(count: AtomicInteger, change: Int) {
        count.addAndGet(change)
        // publish, then re-check: pairs with DroppedWatch.change of the other count
        if (change > 0 && isNeeded) references.begin()
    }
}
