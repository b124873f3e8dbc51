package io.github.coro4j.internal.job

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Test

/** What a thread of the user's has of ours, and for how long. */
class ThreadStatesTest {
    @Test
    fun aThreadHasAStateWhileItRunsCodeOfTheEngine() {
        assertNull(ThreadState.orNull())
        ThreadState.use { outer ->
            assertSame(outer, ThreadState.orNull())
            ThreadState.use { assertSame(outer, it) }
            assertSame(outer, ThreadState.orNull())
        }
        assertNull(ThreadState.orNull())
    }

    @Test
    fun threadsThatComeAndGoTogetherFindTheirOwn() {
        // Several to a bucket, in every order.
        val threads =
            List(16) {
                Thread {
                    repeat(20_000) {
                        ThreadState.use { mine ->
                            check(mine.thread === Thread.currentThread())
                            check(ThreadState.orNull() === mine)
                        }
                        check(ThreadState.orNull() == null)
                    }
                }
            }
        val failures = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
        threads.forEach {
            it.setUncaughtExceptionHandler { _, e -> failures.add(e) }
            it.start()
        }
        threads.forEach { it.join() }
        assertEquals(listOf<Throwable>(), failures.toList())
    }

    @Test
    fun runnersOfOneBucketLeaveInAnyOrder() {
        val orders = listOf(listOf(0, 1, 2), listOf(2, 1, 0), listOf(1, 0, 2), listOf(1, 2, 0))
        for (order in orders) {
            // More threads than buckets, so that some share one.
            val threads = List(3_000) { Thread() }
            val states = threads.map(ThreadStates::add)
            for (rest in order) {
                states.filterIndexed { index, _ -> index % 3 == rest }.forEach(ThreadStates::remove)
                states
                    .filterIndexed { index, _ -> index % 3 == rest }
                    .forEach { assertNotSame(it, ThreadStates.find(it.thread)) }
            }
            threads.forEach { assertNull(ThreadStates.find(it)) }
        }
    }

    /** The class is found by reflection. */
    @Test
    fun virtualThreadsAreKnown() {
        val virtual = ThreadStates::class.java.getDeclaredField("virtual")
        virtual.isAccessible = true
        if (Runtime.version().feature() >= 21) assertNotNull(virtual.get(null))
        else assertNull(virtual.get(null))
    }
}
