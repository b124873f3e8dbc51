package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.engine.KotlinEngine
import io.github.coro4j.internal.gather.policy.All
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.spi.ScopeSettings
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** What a [WorkerSource] does when its executor does not do its part. */
@Timeout(60)
class WorkerSourceTest {
    private val engine = KotlinEngine()

    /** Takes every call, as the `ForkJoinPool` of JDK 17 does, and forgets those that [isLost]. */
    private class Losing(val isLost: (Int) -> Boolean) : Executor {
        val threads: ExecutorService = Executors.newCachedThreadPool()
        val calls = AtomicInteger()

        override fun execute(work: Runnable) {
            if (!isLost(calls.getAndIncrement())) threads.execute(work)
        }
    }

    private fun gather(
        executor: Executor,
        size: Int,
        body: (Int) -> Int,
    ): JobHandle<List<Int>> = gather(executor, sourceOf(size, body))

    private fun gather(executor: Executor, source: WorkerSource<Int>): JobHandle<List<Int>> {
        val scope =
            ScopeImpl(
                engine,
                ScopeSettings("test", executor, null, null, null, null, listOf(), null, null),
                null,
            )
        return GroupJob(scope, source, All(), GroupSettings()).begin()
    }

    private fun sourceOf(size: Int, body: (Int) -> Int) =
        WorkerSource(BlockingBody { body(it as Int) }, Array(size) { it })

    @Test
    fun aCallThatWasLostIsRepeated() {
        // Each call in turn is lost once: the first one, that of a body that then waits for the
        // next one, and that of the last.
        for (lost in 0..2) {
            val executor = Losing { it == lost }
            val begun = Array(3) { CountDownLatch(1) }
            val group =
                gather(executor, begun.size) {
                    begun[it].countDown()
                    begun.getOrNull(it + 1)?.await()
                    it
                }
            assertEquals(listOf(0, 1, 2), group.join(), "call $lost was lost")
            executor.threads.shutdown()
            assertTrue(executor.threads.awaitTermination(1, TimeUnit.MINUTES))
        }
    }

    @Test
    fun callsAreRepeatedUntilAThreadComes() {
        val executor = Losing { it < 4 }
        assertEquals(listOf(0, 1), gather(executor, 2) { it }.join())
        executor.threads.shutdownNow()
    }

    /** `ForkJoinPool.shutdown()` runs what was handed over before it, and refuses the rest. */
    @Test
    fun anOrderlyShutdownRefusesNoBody() {
        val pool = ForkJoinPool(1)
        val go = CountDownLatch(1)
        val source =
            sourceOf(3) {
                go.await()
                it
            }
        val group = gather(pool, source)
        pool.shutdown()
        repeat(3) { source.calls.callHere() }
        go.countDown()
        assertEquals(listOf(0, 1, 2), group.join())
        assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES))
    }

    @Test
    fun aGroupWhoseCallWasDroppedIsForgottenWhenItIsCancelled() {
        val executor = Losing { true }
        val group = gather(executor, 2) { it }
        group.cancel()
        while (engine.clock.listeners.isNotEmpty()) Thread.onSpinWait()
        assertTrue(group.isCancelled)
    }
}
