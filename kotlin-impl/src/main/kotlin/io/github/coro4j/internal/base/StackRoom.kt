package io.github.coro4j.internal.base

/**
 * Checks the stack before a request to cancel. kotlinx and the engine change several objects for
 * one request. A stack overflow between two changes would leave a request that is recorded but
 * never delivered. With this check, the overflow comes before the first change, so a later request
 * works.
 *
 * Starts and ends do not use it, because it costs more than a third of a microsecond.
 */
internal object StackRoom {
    /** Number of small frames; a request needs less stack than they do. */
    private const val FRAMES = 500

    /** Throws a [StackOverflowError] if a request to cancel might overflow the stack. */
    fun require() {
        descend(FRAMES)
    }

    private fun descend(frames: Int): Int = if (frames == 0) 0 else descend(frames - 1) + 1
}
