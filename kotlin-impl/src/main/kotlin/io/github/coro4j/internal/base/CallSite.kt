package io.github.coro4j.internal.base

/**
 * The place where user code started a task, a gather or a derived future, in the debug mode. The
 * JVM records the stack as addresses, and looks up names only when a message needs them.
 *
 * If Java has called a suspend function, the engine attaches the place to its failure as
 * suppressed, so that the exception stays the original (R15). After a suspension no frame of the
 * caller is left on any stack.
 */
internal class CallSite : Throwable("called from", null, false, true) {
    /**
     * Drops the frames of the library from the top of the trace, before the call site is attached.
     */
    fun cut() {
        stackTrace = stackTrace.dropWhile(Frames::isOurs).toTypedArray()
    }

    /** Returns the innermost frame of user code, or null if the JVM records no stacks. */
    fun frame(): String? {
        val frames = stackTrace.dropWhile(Frames::isOurs)
        val user = frames.firstOrNull { !Frames.isOurs(it) && !Frames.isOfPlatform(it) }
        return (user ?: frames.firstOrNull())?.let(Frames::textOf)
    }

    override fun toString(): String = "called from"
}
