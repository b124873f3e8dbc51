package io.github.coro4j.internal.scope

import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.base.seconds
import io.github.coro4j.spi.BuildInfo.seeError
import java.time.Duration

/** The warning that a close takes long (R23). */
internal object SlowClose {
    /** A property for the tests, which cannot wait ten seconds. The engine reads it once. */
    private const val PROPERTY = "coro4j.internal.slowCloseMillis"

    private val limit: Duration = Duration.ofMillis(java.lang.Long.getLong(PROPERTY, 10_000L))

    /** The nanoseconds after which a close is slow. */
    @JvmField val nanos: Long = limit.toNanos()

    /** Logs what the close of [scope] waits for, with stacks. */
    fun log(scope: ScopeLifecycle) = DefaultFailureListener.warn {
        "the close of ${scope.toLabel()} has waited ${seconds(limit)}, and waits on for the " +
            "work below. ${seeError("slow-close")}\n" +
            scope.dump().removeSuffix("\n")
    }
}
