package io.github.coro4j.internal.base

/** Returns the [services] that can be loaded and are [wanted]. Logs the services that fail. */
internal fun <S : Any> found(
    services: Iterator<S>,
    kind: String,
    wanted: (S) -> Boolean = { true },
): List<S> {
    val found = ArrayList<S>()
    // After an exception the iterator may go on with the next service, or throw for ever.
    repeat(MOST_SERVICES) {
        try {
            if (!services.hasNext()) return found
            val service = services.next()
            if (wanted(service)) found.add(service)
        } catch (e: Throwable) {
            // A ServiceConfigurationError, or an exception of the service itself. Without this
            // catch the application would have no engine.
            DefaultFailureListener.serviceNotFound(kind, e)
        }
    }
    return found
}

private const val MOST_SERVICES = 100
