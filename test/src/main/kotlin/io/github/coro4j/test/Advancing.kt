package io.github.coro4j.test

import io.github.coro4j.TaskScope
import io.github.coro4j.spi.Engine
import java.util.concurrent.ConcurrentHashMap

/** Lets one thread at a time advance the time of [scope], and knows which threads may. */
internal class Advancing(private val engine: Engine, private val scope: TaskScope) {
    private val opener = Thread.currentThread()
    private val inside: MutableSet<Thread> = ConcurrentHashMap.newKeySet()

    /** The thread that advances the time now, or null. Guarded by the lock of this object. */
    private var thread: Thread? = null

    val isUnderWay: Boolean
        @Synchronized get() = thread != null

    /** True if the calling thread advances the time, and so may do it while it waits. */
    val isTestThread: Boolean
        get() = Thread.currentThread().let { it === opener || it in inside }

    fun <T> onTestThread(code: () -> T): T {
        val isNew = inside.add(Thread.currentThread())
        try {
            return code()
        } finally {
            if (isNew) inside.remove(Thread.currentThread())
        }
    }

    fun refuseInCode(what: String) {
        val code = engine.codeHere() ?: return
        throw IllegalStateException(
            "$what cannot be called in $code: it would wait for itself. Call it on the test thread, " +
                "or wait with Task.sleep(..).join() in the body"
        )
    }

    /** Runs [step], or throws if another thread is advancing the time. */
    fun <T> whileAlone(what: String, step: () -> T): T {
        synchronized(this) {
            val other = thread
            check(other == null) {
                "$what cannot be called on thread ${Thread.currentThread().name}: thread " +
                    "${other?.name} is advancing the time of ${labelOf(scope)}. " +
                    "Let one thread advance it"
            }
            thread = Thread.currentThread()
        }
        try {
            return step()
        } finally {
            synchronized(this) { thread = null }
        }
    }
}
