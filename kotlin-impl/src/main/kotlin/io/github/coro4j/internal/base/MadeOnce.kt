package io.github.coro4j.internal.base

/**
 * Returns what [get] reads from a volatile field. If that is null, [make] stores an object there
 * and returns it, once, under [lock].
 */
internal inline fun <T : Any> madeOnce(lock: Any, get: () -> T?, make: () -> T): T =
    get() ?: synchronized(lock) { get() ?: make() }
