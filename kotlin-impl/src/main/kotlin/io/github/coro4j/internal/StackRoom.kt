package io.github.coro4j.internal

/**
 * A look at the stack before a request to cancel. kotlinx and the engine change several objects for
 * one request, and an overflow between two of them would leave a request that is noted and never
 * delivered. So the overflow comes here, while nothing has changed, and the next request finds all
 * as it was.
 *
 * Starts and ends do without: a look costs more than a third of a microsecond.
 */
internal object StackRoom {
    /** Frames that are small once they are compiled; all that a request needs is less. */
    private const val FRAMES = 500

    /** Throws a [StackOverflowError] if a request to cancel might overflow the stack. */
    fun require() {
        descend(FRAMES)
    }

    private fun descend(frames: Int): Int = if (frames == 0) 0 else descend(frames - 1) + 1
}
