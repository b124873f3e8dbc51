package io.github.coro4j.internal.job

import java.util.concurrent.atomic.AtomicReference

/**
 * The waiters of one [Awaitable], in an array that each change replaces.
 *
 * No wake-up is lost, because both sides publish, then re-check:
 * - The thread or coroutine that waits calls [subscribe]. This adds its waiter, then runs it, so
 *   that it looks once more whether the [Awaitable] is over.
 * - A thread that may have ended the wait changes the [Awaitable] first. Then it calls [wakeAll].
 *
 * So either the second thread finds the waiter, or the waiter finds the change. A waiter may run
 * several times, at the same time on several threads, and once more after it was removed.
 */
internal class WaitQueue : AtomicReference<Array<Waiter>>(NONE) {
    val isEmpty: Boolean
        get() = get().isEmpty()

    /** Adds [waiter] here, and in other places by [elsewhere]. Then runs it. */
    inline fun subscribe(waiter: Waiter, elsewhere: () -> Unit = {}) {
        add(waiter)
        elsewhere()
        waiter.run() // publish, then re-check: pairs with WaitQueue.wakeAll
    }

    /** Adds [waiter] and does not run it. The caller must re-check next. */
    fun add(waiter: Waiter) {
        while (true) {
            val seen = get()
            if (compareAndSet(seen, seen + waiter)) return
        }
    }

    /** Removes [waiter]. Returns false if it is not here. */
    fun remove(waiter: Waiter): Boolean {
        while (true) {
            val seen = get()
            val index = seen.indexOf(waiter)
            if (index < 0) return false
            val left = if (seen.size == 1) NONE else without(seen, index)
            if (compareAndSet(seen, left)) return true
        }
    }

    private fun without(waiters: Array<Waiter>, index: Int) =
        Array(waiters.size - 1) { waiters[if (it < index) it else it + 1] }

    /** Runs all waiters, in the order in which they were added. */
    fun wakeAll() {
        for (waiter in get()) waiter.run()
    }

    private companion object {
        val NONE = emptyArray<Waiter>()
    }
}
