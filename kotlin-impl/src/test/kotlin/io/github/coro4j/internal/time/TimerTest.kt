package io.github.coro4j.internal.time

import io.github.coro4j.Promise
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.engine.KotlinEngine
import io.github.coro4j.internal.future.SleepJob
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.spi.ScopeSettings
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ScheduledThreadPoolExecutor
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** Timers go with the work that they are about. */
@Timeout(60)
class TimerTest {
    private val engine = KotlinEngine()
    private val hour: Duration = Duration.ofHours(1)
    private val scope =
        ScopeImpl(
            engine,
            ScopeSettings("test", null, null, null, null, hour, listOf(), null, null),
            null,
        )

    /** By reflection: nothing but this test asks how many there are. */
    private fun timers(): Int {
        val executor = Timer::class.java.getDeclaredField("executor")
        executor.isAccessible = true
        return (executor.get(engine.timer) as ScheduledThreadPoolExecutor).queue.size
    }

    @Test
    fun noTimerIsLeft() {
        assertEquals(1, timers(), "the scope's deadline")
        val promises = List(5) { PromiseJob<Int>(scope).promise() }
        val ends =
            listOf(
                gather(promises[0]).timeout(hour).all(),
                gather(promises[1]).timeout(hour).settled(),
                promises[2].orTimeout(hour),
                promises[3].completeOnTimeout(0, hour),
            )
        gather(promises[4]).timeout(hour).asCompleted()
        val never = CountDownLatch(1)
        val body = ThrowingFunction<Any, Any> { never.await() }
        val group = scope.gather(listOf(1), body).timeout(hour).failFast()
        val hedge = scope.hedge(2, hour, ThrowingFunction<Int, Any> { never.await() })
        val sleep = SleepJob(scope, scope.time).begin(hour)
        assertEquals(9, timers())

        promises.forEach { it.complete(1) }
        ends.forEach { it.join() }
        listOf(group, hedge, sleep).forEach { it.cancelAndJoin("enough") }
        scope.close()
        assertEquals(0, timers())
    }

    private fun gather(promise: Promise<Int>) = engine.gather(listOf(promise))

    @Test
    fun theTimerOfAHedgeGoesWithTheAnswer() {
        assertEquals(0, scope.hedge(2, hour, ThrowingFunction<Int, Int> { it }).join().attempt)
        scope.close()
        assertEquals(0, timers())
    }
}
