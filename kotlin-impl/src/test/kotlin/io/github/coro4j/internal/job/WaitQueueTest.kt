package io.github.coro4j.internal.job

import java.util.concurrent.CountDownLatch
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * The waiters of one thing: each finds the change, or the thread that makes the change finds it.
 */
class WaitQueueTest {
    private val queue = WaitQueue()
    private val trail = ArrayList<String>()

    private inner class Named(private val name: String, private val then: () -> Unit = {}) :
        Waiter() {
        override fun run() {
            trail.add(name)
            then()
        }
    }

    @Test
    fun waitersRunInTheOrderInWhichTheyWereAdded() {
        val removed = Named("removed")
        queue.add(Named("first"))
        queue.add(removed)
        queue.add(Named("last"))
        assertTrue(queue.remove(removed))
        assertFalse(queue.remove(removed))
        queue.wakeAll()
        queue.wakeAll()
        assertEquals(listOf("first", "last", "first", "last"), trail)
    }

    @Test
    fun aSubscribedWaiterRunsOnceAllPlacesHaveIt() {
        queue.subscribe(Named("runs")) {
            assertFalse(queue.isEmpty)
            trail.add("elsewhere")
        }
        assertEquals(listOf("elsewhere", "runs"), trail)
    }

    @Test
    fun aWaiterThatWasAddedTwiceIsRemovedOnceForEachTime() {
        val twice = Named("twice")
        repeat(2) { queue.add(twice) }
        assertTrue(queue.remove(twice))
        queue.wakeAll()
        assertEquals(listOf("twice"), trail)
        assertTrue(queue.remove(twice))
        assertTrue(queue.isEmpty)
    }

    @Test
    fun aWaiterThatRemovesItselfHidesNoOther() {
        lateinit var leaving: Named
        leaving = Named("leaving") { queue.remove(leaving) }
        queue.add(leaving)
        queue.add(Named("staying"))
        queue.wakeAll()
        queue.wakeAll()
        assertEquals(listOf("leaving", "staying", "staying"), trail)
    }

    /** Hangs if a wake-up is lost. */
    @Test
    fun noWakeUpIsLostUnderRace() {
        val waiting = 3
        val barrier = CyclicBarrier(waiting + 1)
        val rounds = List(10_000) { Round(CountDownLatch(waiting)) }
        val threads =
            List(waiting) {
                thread {
                    for (round in rounds) {
                        barrier.await()
                        round.awaitOver()
                    }
                }
            }
        for (round in rounds) {
            barrier.await()
            round.isOver.set(true)
            round.queue.wakeAll()
            round.left.await()
            assertTrue(round.queue.isEmpty)
        }
        threads.forEach { it.join() }
    }

    private class Round(val left: CountDownLatch) {
        val queue = WaitQueue()
        val isOver = AtomicBoolean()

        fun awaitOver() {
            val woken = CountDownLatch(1)
            val waiter =
                object : Waiter() {
                    override fun run() {
                        if (isOver.get()) woken.countDown()
                    }
                }
            queue.subscribe(waiter)
            woken.await()
            queue.remove(waiter)
            left.countDown()
        }
    }

    @Test
    fun underRaceEachWaiterStaysUntilItIsRemoved() {
        val barrier = CyclicBarrier(4)
        val missing = AtomicInteger()
        val threads =
            List(4) {
                thread {
                    barrier.await()
                    repeat(10_000) {
                        val runs = AtomicInteger()
                        val waiter =
                            object : Waiter() {
                                override fun run() {
                                    runs.incrementAndGet()
                                }
                            }
                        queue.add(waiter)
                        queue.wakeAll()
                        if (!queue.remove(waiter) || runs.get() == 0) missing.incrementAndGet()
                    }
                }
            }
        threads.forEach { it.join() }
        assertEquals(0, missing.get())
        assertTrue(queue.isEmpty)
    }
}
