package io.github.coro4j.internal.base

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/** Call sites in user code, to warn of each only once. */
internal class SeenSites {
    private val seen = ConcurrentHashMap.newKeySet<String>()
    private val known = AtomicInteger()

    /**
     * Returns the innermost frame of user code on this stack, unless it was returned before.
     * Returns null, too, if the last [MOST_LOOKS] calls have found nothing new, because a look at
     * the stack costs microseconds.
     */
    fun newSite(): String? = newCallSite()?.frame()

    /** Returns the stack of a place that [newSite] would return. */
    fun newCallSite(): CallSite? {
        if (known.get() >= MOST_LOOKS || seen.size >= MOST_SITES) return null
        val site = CallSite()
        val frame = site.frame()
        if (frame == null || !seen.add(frame)) {
            known.incrementAndGet()
            return null
        }
        known.set(0)
        return site
    }

    private companion object {
        const val MOST_LOOKS = 1_000
        const val MOST_SITES = 1_000
    }
}
