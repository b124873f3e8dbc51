package io.github.coro4j.internal.base

import io.github.coro4j.ThreadStart
import io.github.coro4j.spi.EngineOptions
import java.util.ServiceLoader
import java.util.concurrent.atomic.AtomicBoolean

/** What prepares each new thread of the engine, for the application or the platform. */
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
        (listOfNotNull(EngineOptions.chosen().threadStart()) + found(services, "thread start")).map(
            ::Hook
        )
    }

    /** Prepares the calling thread. */
    fun prepare() {
        try {
            hooks.forEach(::call)
        } catch (e: Throwable) {
            // An error of the JVM. The thread must run what it was made for.
        }
    }

    private fun call(hook: Hook) {
        try {
            hook.start.onStart(Thread.currentThread())
        } catch (e: Throwable) {
            if (hook.hasFailed.compareAndSet(false, true))
                DefaultFailureListener.threadStartFailed(e)
        }
    }
}
