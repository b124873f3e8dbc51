package io.github.coro4j.internal.base

import java.time.Duration

// These checks report bad input on the caller's thread, before anything is started (R3). Java
// callers can pass null even if the signature forbids it, so the checks test what Kotlin takes for
// granted.

/**
 * Throws if [value] is null. [consequence] says what did not happen, to what, and what to do
 * instead.
 */
internal inline fun requireArgument(value: Any?, parameter: String, consequence: () -> String) {
    if (value == null) throw NullPointerException("$parameter must not be null: ${consequence()}")
}

internal inline fun requireName(name: String?, consequence: () -> String) {
    requireArgument(name, "name", consequence)
    // This is the definition of blank in java-api. Kotlin has another one.
    require(name!!.any { it > ' ' }) {
        "name must not be blank: messages, reports and dumps show it; ${consequence()}"
    }
}

internal inline fun positive(duration: Duration?, parameter: String, consequence: () -> String) {
    requireArgument(duration, parameter, consequence)
    require(!duration!!.isNegative && !duration.isZero) {
        "$parameter must be longer than zero, but is $duration: ${consequence()}"
    }
}

/** The longest wait with a limit, in nanoseconds. */
internal const val LONGEST_WAIT = Long.MAX_VALUE - 1

/** Returns the nanoseconds of [duration]. Durations from 292 years on count as no limit. */
internal inline fun nanosOf(
    duration: Duration?,
    parameter: String,
    consequence: () -> String,
): Long {
    requireArgument(duration, parameter, consequence)
    require(!duration!!.isNegative) {
        "$parameter must not be negative, but is $duration: ${consequence()}"
    }
    return try {
            duration.toNanos()
        } catch (e: ArithmeticException) {
            Long.MAX_VALUE
        }
        .coerceAtMost(LONGEST_WAIT)
}

/**
 * Returns an initial capacity. A collection of the user may report a wrong size, so it has bounds.
 */
internal fun capacityOf(items: Iterable<*>): Int =
    if (items is Collection) items.size.coerceIn(0, MAX_CAPACITY) else 10

private const val MAX_CAPACITY = 1 shl 20

/** Returns the iterator of [items]. Throws if a class of the user returns null instead. */
internal inline fun <T> readOnce(
    items: Iterable<T>,
    parameter: String,
    consequence: () -> String,
): Iterator<T> {
    val iterator: Iterator<T>? = items.iterator()
    requireArgument(iterator, "$parameter.iterator()", consequence)
    return iterator!!
}
