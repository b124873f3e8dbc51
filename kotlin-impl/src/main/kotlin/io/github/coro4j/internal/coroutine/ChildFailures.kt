package io.github.coro4j.internal.coroutine

/**
 * The failures of one suspend body and of its coroutines. The first one is the failure of the task,
 * and the others become suppressed exceptions of it. kotlinx gets only the first one, because it
 * would attach the others itself, without a bound, and to an exception that may be shared.
 */
internal class ChildFailures {
    private var first: Throwable? = null
    private var later: ArrayList<Throwable>? = null

    /** Records [failure]. Returns whether it is the first one. */
    @Synchronized
    fun isFirst(failure: Throwable): Boolean {
        if (first == null) {
            first = failure
            return true
        }
        // kotlinx reports one failure twice, and a coroutine passes on that of an inner one.
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
