package io.github.coro4j.internal

/** Those of [services] that can be loaded, if they are [wanted]; the log tells of the others. */
internal fun <S : Any> found(
    services: Iterator<S>,
    kind: String,
    wanted: (S) -> Boolean = { true },
): List<S> {
    val found = ArrayList<S>()
    // An iterator that has thrown may go on behind what it stumbled over, or throw for ever.
    repeat(MOST_SERVICES) {
        try {
            if (!services.hasNext()) return found
            val service = services.next()
            if (wanted(service)) found.add(service)
        } catch (e: Throwable) {
            // A ServiceConfigurationError, or what a service throws that is asked. An application
            // without an engine would be worse.
            LoggingListener.serviceNotFound(kind, e)
        }
    }
    return found
}

private const val MOST_SERVICES = 100
