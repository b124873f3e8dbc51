package io.github.coro4j.internal

/**
 * The failures of the coroutines of one suspend body, and of the body itself: the first one is the
 * end of the task, the others become suppressed exceptions of it. kotlinx is told of the first one
 * alone, because it would attach the others by itself: to an exception that may be shared, without
 * a bound.
 */
internal class ChildFailures {
    private var first: Throwable? = null
    private var later: ArrayList<Throwable>? = null

    /** Takes note of [failure]. Returns whether it is the first one. */
    @Synchronized
    fun isFirst(failure: Throwable): Boolean {
        if (first == null) {
            first = failure
            return true
        }
        // kotlinx tells of one failure twice, and a coroutine passes on what one inside it failed
        // with.
        if (failure === first) return false
        val known = later ?: ArrayList<Throwable>().also { later = it }
        if (known.none { it === failure }) known.add(failure)
        return false
    }

    /** Returns the failures after the first one, and forgets all. */
    @Synchronized
    fun takeLater(): List<Throwable> {
        val taken: List<Throwable> = later ?: emptyList()
        first = null
        later = null
        return taken
    }
}
