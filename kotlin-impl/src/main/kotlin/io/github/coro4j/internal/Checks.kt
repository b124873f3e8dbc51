package io.github.coro4j.internal

import io.github.coro4j.Future
import io.github.coro4j.TaskScope
import java.time.Duration

// Bad input gets its error here, on the caller's thread, before anything has been started (R3).
// Java callers can pass null wherever the signature forbids it, so the checks look at what Kotlin
// takes for granted.

/** [consequence] names the caller's thing, says what did not happen to it, and the way out. */
internal inline fun requireArgument(value: Any?, parameter: String, consequence: () -> String) {
    if (value == null) throw NullPointerException("$parameter must not be null: ${consequence()}")
}

internal inline fun requireName(name: String?, consequence: () -> String) {
    requireArgument(name, "name", consequence)
    // As java-api has it, whatever Kotlin takes for a blank.
    require(name!!.any { it > ' ' }) {
        "name must not be blank, since it stands in every message about the thing it names: ${consequence()}"
    }
}

internal inline fun positive(duration: Duration?, parameter: String, consequence: () -> String) {
    requireArgument(duration, parameter, consequence)
    require(!duration!!.isNegative && !duration.isZero) {
        "$parameter must be longer than zero, but is $duration: ${consequence()}"
    }
}

/** Saturated: 292 years are for ever. */
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
        .coerceAtMost(Waiting.LONGEST)
}

/** The job behind a future; only futures of this engine have one. */
@Suppress("UNCHECKED_CAST")
internal inline fun <T> jobOf(future: Future<out T>, what: () -> String): FutureJob<T> =
    (future as? FutureHandle<T>)?.job
        ?: throw IllegalArgumentException(
            "${what()} is a ${future.javaClass.name}, which is no future of this engine; " +
                "complete a Promise from it, or use Future.from if it is a CompletionStage"
        )

/** The scope of this engine that [scope] is. */
internal inline fun scopeOf(scope: TaskScope, consequence: () -> String): ScopeImpl =
    scope as? ScopeImpl
        ?: throw IllegalArgumentException(
            "a ${scope.javaClass.name} is no scope of this engine: ${consequence()}; use TaskScope.open"
        )

/** Returns the scope of this engine that [scope] is, for calls in which the scope is optional. */
internal inline fun optionalScope(scope: TaskScope?, consequence: () -> String): ScopeImpl {
    requireArgument(scope, "scope") { "leave it out for the scope of the current task" }
    return scopeOf(scope!!, consequence)
}

/** The one engine, from where no object of its is at hand. */
internal fun engine(): KotlinEngine = (TaskScope.global() as ScopeImpl).engine

internal fun currentScope(): ScopeImpl = engine().currentScope()

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
