package io.github.coro4j.internal.engine

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The thread that a body gets, on whatever JDK this runs. */
class DefaultExecutorTest {
    private val engine = KotlinEngine()

    @Test
    fun bodiesRunOnVirtualThreadsWhereThoseDoNotPin() {
        val virtual = engine.global.start<Boolean> { isVirtual(Thread.currentThread()) }.join()
        assertEquals(Runtime.version().feature() >= 24, virtual)
    }

    @Test
    fun bodiesRunOnDaemonThreads() {
        assertTrue(engine.global.start<Boolean> { Thread.currentThread().isDaemon }.join())
    }

    // By reflection: this is compiled for Java 17.
    private fun isVirtual(thread: Thread): Boolean =
        Runtime.version().feature() >= 21 &&
            Thread::class.java.getMethod("isVirtual").invoke(thread) as Boolean
}
