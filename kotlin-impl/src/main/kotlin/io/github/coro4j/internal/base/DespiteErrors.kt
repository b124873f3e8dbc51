package io.github.coro4j.internal.base

/**
 * Calls [step] for each element, even if a call for an earlier element throws. Throws the first of
 * these errors at the end.
 */
internal inline fun <E> Iterator<E>.forEachDespiteErrors(step: (E) -> Unit) {
    var first: Throwable? = null
    while (hasNext()) {
        try {
            step(next())
        } catch (e: Throwable) {
            if (first == null) first = e
        }
    }
    if (first != null) throw first
}
