package io.github.coro4j.internal

import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The pool of JDKs without virtual threads, tested on all of them. */
class GrowingPoolTest {
    @Test
    fun workThatOthersWaitForInWaysThePoolCannotSeeIsBegunAllTheSame() {
        val pool = GrowingPool(size = 4)
        val opened = CountDownLatch(1)
        val ended = CountDownLatch(101)
        repeat(100) {
            pool.execute {
                opened.await()
                ended.countDown()
            }
        }
        pool.execute {
            opened.countDown()
            ended.countDown()
        }
        ended.await()
    }

    // A thread that goes on takes its own queue first, and hides nothing of the others' standing
    // still.
    @Test
    fun oneThreadThatGoesOnDoesNotHideThatTheOthersStandStill() {
        val pool = GrowingPool(size = 16)
        val opened = CountDownLatch(1)
        val ended = CountDownLatch(16)
        val inside = CountDownLatch(15)
        repeat(15) {
            pool.execute {
                inside.countDown()
                opened.await()
                ended.countDown()
            }
        }
        inside.await()
        pool.execute(
            object : Runnable {
                override fun run() {
                    // As a body does, so that the watch sees it go on.
                    (Thread.currentThread() as PoolThread).runner.begun++
                    if (opened.count > 0) pool.execute(this)
                }
            }
        )
        pool.execute {
            opened.countDown()
            ended.countDown()
        }
        ended.await()
    }

    @Test
    fun aPoolThatHasGrownRunsAllWorkOnce() {
        val pool = GrowingPool(size = 2)
        val runs = AtomicInteger()
        repeat(3) {
            val opened = CountDownLatch(1)
            val ended = CountDownLatch(50)
            repeat(49) {
                pool.execute {
                    opened.await()
                    runs.incrementAndGet()
                    ended.countDown()
                }
            }
            pool.execute {
                opened.countDown()
                runs.incrementAndGet()
                ended.countDown()
            }
            ended.await()
        }
        assertEquals(150, runs.get())
    }
}
