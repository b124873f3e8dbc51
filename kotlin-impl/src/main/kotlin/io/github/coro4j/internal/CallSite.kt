package io.github.coro4j.internal

/**
 * The place where Java called a suspend function. After a suspension no frame of the caller is left
 * on any stack. The engine attaches the place to the failure of the function as suppressed, so that
 * the exception stays the original (R15).
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
