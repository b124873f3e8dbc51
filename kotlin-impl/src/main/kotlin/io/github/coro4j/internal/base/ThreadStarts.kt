package io.github.coro4j.internal.base

import io.github.coro4j.ThreadStart
import io.github.coro4j.spi.EngineOptions
import java.util.ServiceLoader
import java.util.concurrent.atomic.AtomicBoolean

/** Calls the [ThreadStart]s of the services and of the settings. */
internal object ThreadStarts {
    private class Hook(val start: ThreadStart) {
        val hasFailed = AtomicBoolean()
    }

    /** The first thread of the engine looks the services up, so no thread of a user reads files. */
    private val hooks: List<Hook> by lazy {
        // R8 on Android can follow only this exact form of the call.
        val services =
            ServiceLoader.load(ThreadStart::class.java, ThreadStart::class.java.classLoader)
                .iterator()
        // That of the settings comes last, so that it can replace what a service has set.
        (found(services, "thread start") + listOfNotNull(EngineOptions.chosen().threadStart())).map(
            ::Hook
        )
    }

    /** Prepares the calling thread. */
    fun prepare() {
        try {
            hooks.forEach(::call)
        } catch (e: Throwable) {
            // The JVM threw an error. The thread must still run its work.
        }
    }

    private fun call(hook: Hook) {
        try {
            hook.start.onStart(Thread.currentThread())
        } catch (e: Throwable) {
            if (hook.hasFailed.compareAndSet(false, true))
                DefaultFailureListener.threadStartFailed(hook.start, e)
        }
    }
}
