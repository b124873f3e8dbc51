package io.github.coro4j.stress

import io.github.coro4j.Outcome
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport
import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * A body that runs, on its own thread, the body that it waits for, and is cancelled meanwhile. The
 * searchers cannot be used: before it helps, a waiter gives the executor two milliseconds.
 */
class HelpingStressTest {
    @Test
    fun `a cancel of the waiter reaches the waiter and not the body it runs`() {
        val seed =
            System.getProperty("stress.seed")?.toLong() ?: ThreadLocalRandom.current().nextLong()
        val random = Random(seed)
        val single: ExecutorService = Executors.newSingleThreadExecutor()
        try {
            repeat(ROUNDS) { round ->
                val told = "round $round with -Dstress.seed=$seed"
                TaskScope.builder().name("helping").executor(single).open().use { scope ->
                    val helped = CountDownLatch(1)
                    var interruptedInside = false
                    lateinit var inner: Task<Int>
                    val outer =
                        scope.start<Int> {
                            // The only thread is this one, so nobody else can begin it.
                            inner =
                                scope.start<Int> {
                                    helped.countDown()
                                    repeat(SPINS) { Thread.onSpinWait() }
                                    interruptedInside = Thread.currentThread().isInterrupted
                                    7
                                }
                            inner.join()
                        }
                    helped.await()
                    LockSupport.parkNanos(random.nextLong(60_000))
                    val asked = outer.cancel("late")
                    val end = outer.joinOutcome()
                    assertEquals(7, inner.join(), told)
                    assertFalse(interruptedInside, told)
                    assertEquals(asked, end is Outcome.Cancelled<*>, told)
                }
                val flag = single.submit<Boolean> { Thread.currentThread().isInterrupted }
                assertFalse(flag.get(10, TimeUnit.SECONDS), told)
            }
        } finally {
            single.shutdownNow()
        }
        assertTrue(single.awaitTermination(10, TimeUnit.SECONDS))
    }

    private companion object {
        const val ROUNDS = 300
        const val SPINS = 1_000
    }
}
