package io.github.coro4j.internal.base

/**
 * Calls [step] for each element, even if a call for an earlier element throws. Throws the first of
 * these errors at the end.
 */
internal inline fun <E> Iterator<E>.forEachDespiteErrors(step: (E) -> Unit) {
    var first: Throwable? = null
    while (hasNext()) {
        // Call next() outside the try block. R8 9.5.28 rewrites a loop over an ArrayList to use an
        // index. If get(index) could reach the handler, the index would be undefined there, and the
        // class invalid.
        val element = next()
        try {
            step(element)
        } catch (e: Throwable) {
            if (first == null) first = e
        }
    }
    if (first != null) throw first
}
