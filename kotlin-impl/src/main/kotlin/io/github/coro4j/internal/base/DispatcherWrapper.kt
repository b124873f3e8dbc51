package io.github.coro4j.internal.base

/**
 * Returns what the user's dispatcher threw. Views by `limitedParallelism`, `dispatchYield` and
 * `asExecutor` wrap it in an exception of kotlinx.coroutines. The class of that wrapper is
 * internal, so its message identifies it. `DispatcherThatThrowsTest` breaks when the message
 * changes.
 */
internal fun thrownByDispatcher(exception: Throwable): Throwable {
    if (!exception.javaClass.name.startsWith("kotlinx.coroutines.")) return exception
    val message = exception.message ?: return exception
    val isWrapper =
        message.startsWith("Coroutine dispatcher ") && " threw an exception, context" in message
    return (if (isWrapper) exception.cause?.let(::thrownByDispatcher) else null) ?: exception
}
