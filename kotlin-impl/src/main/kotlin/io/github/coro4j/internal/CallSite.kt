package io.github.coro4j.internal

/**
 * Where Java called a suspend function: once that has been suspended, no frame of the caller is
 * left on any stack. It is attached to what the function fails with, as suppressed, so that the
 * exception stays the original (R15).
 */
internal class CallSite : Throwable("called from", null, false, true) {
    fun attachTo(exception: Throwable) {
        // One exception may be the failure of many calls.
        if (exception.suppressed.any { it is CallSite }) return
        stackTrace = stackTrace.dropWhile { it.className.startsWith(OURS) }.toTypedArray()
        exception.addSuppressed(this)
    }

    override fun toString(): String = "called from"

    private companion object {
        const val OURS = "io.github.coro4j.coroutines."
    }
}
