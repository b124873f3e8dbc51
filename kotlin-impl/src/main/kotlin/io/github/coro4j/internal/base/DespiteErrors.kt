package io.github.coro4j.internal.base

/**
 * Calls [step] for each element, even if a call for an earlier element throws. Throws the first of
 * these errors at the end.
 */
internal inline fun <E> Iterator<E>.forEachDespiteErrors(step: (E) -> Unit) {
    var first: Throwable? = null
    while (hasNext()) {
        // Stays outside the block: R8 9.5.28 turns a loop over an ArrayList into one with an index.
        // If get(index) can reach the handler, the index is undefined there, and the class invalid.
        val element = next()
        try {
            step(element)
        } catch (e: Throwable) {
            if (first == null) first = e
        }
    }
    if (first != null) throw first
}
