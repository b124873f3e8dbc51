package io.github.coro4j.internal.job

import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Job

/**
 * One part of a coroutine, for an executor or a dispatcher of the user. Runs once, on the first
 * thread to run it, and then holds nothing.
 */
internal abstract class QueuedPart(@JvmField val coroutine: Job?, block: Runnable) :
    AtomicReference<Runnable?>(block), Runnable {
    val isBegun: Boolean
        get() = get() == null

    /** Returns whether a dispatcher refuses this part by cancelling [cancelled] on this thread. */
    fun isRefusalOf(cancelled: Job): Boolean = coroutine === cancelled && !isBegun

    /** Runs this part, and then the parts that were postponed meanwhile, one after the other. */
    final override fun run() = ThreadState.use { state ->
        var next: QueuedPart? = this
        var turns = 0
        while (next != null && !state.postpone(next)) {
            if (!next.mayRunOn(state, turns++)) return@use engine().pool.execute(next)
            val block = next.getAndSet(null) ?: return@use
            next = next.begin(state, block)
        }
    }

    /** Returns whether this part may run on this thread, after so many [turns] of other parts. */
    protected open fun mayRunOn(state: ThreadState, turns: Int): Boolean = true

    /** Runs [block] and returns the part that was postponed inside it. */
    protected open fun begin(state: ThreadState, block: Runnable): QueuedPart? =
        state.runPart(block)
}

/** A part whose dispatcher threw when it was asked whether a dispatch is needed. */
internal class Undispatchable(
    val context: CoroutineContext,
    val exception: Throwable,
    /** True if the thread state was made only to hold this note. */
    val isOnOwn: Boolean,
)
