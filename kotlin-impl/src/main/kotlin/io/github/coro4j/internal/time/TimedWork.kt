package io.github.coro4j.internal.time

import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/**
 * What runs in the scopes that share a time, for a clock that waits until nothing runs. Only scopes
 * whose time is not real pay for it.
 */
internal class TimedWork {
    /** The runs of user code that have begun, each until its thread returns to its executor. */
    val runs: MutableSet<CodeRun> = ConcurrentHashMap.newKeySet()

    /** The closes that no thread waits for, and that hold the scope around open: are they over? */
    val waitsOfSteps: MutableSet<() -> Boolean> = ConcurrentHashMap.newKeySet()

    /** Callbacks that were handed over and have not begun: on the pool, and elsewhere. */
    val queued = AtomicInteger()
    val queuedElsewhere = AtomicInteger()

    /** Callbacks that hold their scope open, from the hand-over on, and steps that have begun. */
    val holding = AtomicInteger()

    /** Runs [step], which holds its scope open. Its thread is one of the [runs]. */
    fun holdingIn(step: () -> Unit) {
        holding.incrementAndGet()
        try {
            step()
        } finally {
            holding.decrementAndGet()
        }
    }

    /** The exceptions that were reported as unread, and read afterwards. */
    val readLater: MutableSet<Throwable> =
        Collections.synchronizedSet(Collections.newSetFromMap(IdentityHashMap()))

    private val changed = AtomicLong()

    /** Grows whenever user code begins, ends, or begins to wait. */
    val changes: Long
        get() = changed.get()

    fun changed() {
        changed.incrementAndGet()
    }

    /**
     * The scope, of the engine, in which clean-ups and callbacks start work; null until they do.
     */
    @Volatile var outer: Any? = null
}

/** One run of user code, with all that its end causes on the same thread. */
internal interface CodeRun
