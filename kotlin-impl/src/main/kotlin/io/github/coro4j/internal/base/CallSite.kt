package io.github.coro4j.internal.base

/**
 * The place where Java called a suspend function. After a suspension no frame of the caller is left
 * on any stack. The engine attaches the place to the failure of the function as suppressed, so that
 * the exception stays the original (R15).
 */
internal class CallSite private constructor() : Throwable("called from", null, false, true) {
    /**
     * Drops the frames of the library from the top of the trace, before the call site is attached.
     */
    fun cut() {
        stackTrace = stackTrace.dropWhile { isOurs(it.className) }.toTypedArray()
    }

    override fun toString(): String = "called from"

    companion object {
        private fun isOurs(className: String) =
            className.startsWith("io.github.coro4j.coroutines.") ||
                className.startsWith(CallSite::class.java.name)

        /** Returns the place of the call that is under way, or null outside the debug mode. */
        fun hereIfDebugging(): CallSite? = if (DebugMode.isOn) CallSite() else null
    }
}
