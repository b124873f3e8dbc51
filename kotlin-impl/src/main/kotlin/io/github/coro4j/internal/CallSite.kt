package io.github.coro4j.internal

/**
 * Where Java called a suspend function: once that has been suspended, no frame of the caller is
 * left on any stack. It is attached to what the function fails with, as suppressed, so that the
 * exception stays the original (R15).
 */
internal class CallSite : Throwable("called from", null, false, true) {
    /**
     * Drops the frames of the library from the top of the trace, before the call site is attached.
     */
    fun cut() {
        stackTrace = stackTrace.dropWhile { it.className.startsWith(OURS) }.toTypedArray()
    }

    override fun toString(): String = "called from"

    private companion object {
        const val OURS = "io.github.coro4j.coroutines."
    }
}
