package io.github.coro4j.internal.pool

import io.github.coro4j.internal.engine.KotlinEngine
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.spi.ScopeSettings
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
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
                    (Thread.currentThread() as PoolThread).threadState.begun++
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

    @Test
    fun bodiesThatWaitForFuturesOneAfterTheOtherAddNoThreads() {
        val engine = KotlinEngine()
        assumeTrue(engine.pool is GrowingPool, "bodies run on virtual threads here")
        val threads = ConcurrentHashMap.newKeySet<Thread>()
        ScopeImpl(engine, ScopeSettings("waiting"), null).use { scope ->
            val promises = List(2_000) { engine.promise<Int>() }
            val begun = List(2_000) { CountDownLatch(1) }
            val all =
                scope
                    .gather((0 until 2_000).toList()) { index ->
                        threads.add(Thread.currentThread())
                        begun[index].countDown()
                        promises[index].join()
                    }
                    .concurrency(1)
                    .all()
            for (index in promises.indices) {
                begun[index].await()
                promises[index].complete(index)
            }
            assertEquals((0 until 2_000).toList(), all.join())
        }
        // One for the body, one that takes the next, and those that were slow to become idle.
        assertTrue(threads.size <= 32, "the bodies ran on ${threads.size} threads")
    }

    @Test
    fun onlyTheFirstWaitsLeaveThePoolAsItIs() {
        val pool = GrowingPool(size = 32)
        val answers = ArrayList<Boolean>()
        fun nested(depth: Int) {
            if (depth > 0)
                pool.blocking { mustGrow ->
                    answers.add(mustGrow)
                    nested(depth - 1)
                }
        }
        nested(4)
        assertEquals(listOf(false, false, true, true), answers)
        answers.clear()
        nested(1)
        assertEquals(listOf(false), answers, "the waits before have ended")
    }
}
