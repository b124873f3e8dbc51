package io.github.coro4j.internal.job

import io.github.coro4j.Future
import java.util.function.Consumer

/** A callback, and the captured context of the call that added it. */
internal class CallbackWithContext(@JvmField val captured: Any, callback: Consumer<*>) :
    Consumer<Future<*>> {
    @Suppress("UNCHECKED_CAST") @JvmField val callback = callback as Consumer<Future<*>>

    override fun accept(future: Future<*>) = callback.accept(future)
}

/** Returns the context for the report of what [callback] has thrown, or null if it has none. */
internal fun failureContextOf(callback: Consumer<*>, scope: JobScope): FailureContext? =
    (callback as? CallbackWithContext)?.let { FailureContext.of(scope.propagators, it.captured) }
