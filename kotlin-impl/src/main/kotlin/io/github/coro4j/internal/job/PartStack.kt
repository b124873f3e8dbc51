package io.github.coro4j.internal.job

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Job

/** One part of a coroutine whose thread state is not restored yet. */
internal abstract class OpenPart(
    @JvmField val context: CoroutineContext,
    /** The part below this one on the stack of the same thread. */
    @JvmField val under: OpenPart?,
) {
    /** Restores the thread. Only [PartStack.endParts] calls this, once the parts above ended. */
    abstract fun end()
}

/** The parts of coroutines on the stack of one thread. Only that thread uses it. */
internal abstract class PartStack {
    /** The innermost part whose thread state is not restored yet. */
    @JvmField var part: OpenPart? = null

    /** Number of parts that run on this stack. */
    @JvmField var partDepth = 0

    /** The part to run when the innermost one has ended, or null. */
    private var postponed: QueuedPart? = null

    /**
     * Postpones [next] and returns true if this thread already runs its coroutine, a coroutine that
     * called that one, or one that it called. [runPart] returns the first postponed part, and the
     * pool runs any other. Returns false if [next] may run now.
     */
    fun postpone(next: QueuedPart): Boolean {
        val coroutine = next.coroutine
        if (partDepth == 0 || coroutine == null || !isInside(coroutine)) return false
        if (postponed == null) postponed = next else engine().pool.execute(next)
        return true
    }

    private fun isInside(coroutine: Job): Boolean {
        val launched = launchedOf(coroutine)
        var each = part
        while (each != null) {
            if (each.context[Job]?.let(::launchedOf) === launched) return true
            each = each.under
        }
        return false
    }

    /** Runs [block], a part of a coroutine, and returns the part that was postponed inside it. */
    fun runPart(block: Runnable): QueuedPart? {
        val outer = postponed
        postponed = null
        partDepth++
        try {
            endingParts { block.run() }
            return postponed
        } catch (e: Throwable) {
            // An error of the JVM. The postponed part must still run.
            postponed?.let(engine().pool::execute)
            throw e
        } finally {
            partDepth--
            postponed = outer
        }
    }

    /** Ends all parts above [until]. */
    fun endParts(until: OpenPart?) {
        while (true) {
            val innermost = part
            if (innermost === until || innermost == null) return
            part = innermost.under
            innermost.end()
        }
    }

    /** Runs [code], then ends the parts that it has left open. */
    inline fun <R> endingParts(code: () -> R): R {
        val outer = part
        try {
            return code()
        } finally {
            endParts(outer)
        }
    }
}
