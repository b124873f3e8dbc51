package io.github.coro4j.internal.job

import io.github.coro4j.internal.engine.KotlinEngine
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.spi.ScopeSettings
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The age of a job, from twenty bits. */
class StartStampTest {
    private val scope = ScopeImpl(KotlinEngine(), ScopeSettings("test"), null)

    private fun startedBefore(seconds: Long): FutureJob<*> {
        val unit = 1L shl 27
        val stamp = (System.nanoTime() - seconds * SECOND) / unit
        return PromiseJob<String>(scope).apply { bits = stamp.toInt() shl 12 or 0xfff }
    }

    private fun assertAge(expected: Long, nanos: Long) =
        assertTrue(
            nanos in (expected - 1) * SECOND..(expected + 60) * SECOND,
            "${nanos / SECOND} s",
        )

    @Test
    fun theStampIsExactToAUnit() {
        for (age in listOf(0L, 1L, 10L, 3_600L, 100_000L)) {
            assertAge(
                age,
                StartStamp.nanos(startedBefore(age).bits, atLeast = 0, System.nanoTime()),
            )
        }
    }

    @Test
    fun aBodyThatRunsLongerThanTheStampReachesIsAsOldAsItMustBe() {
        for (age in listOf(150_000L, 300_000L, 1_000_000L)) {
            assertAge(
                age,
                StartStamp.nanos(
                    startedBefore(age).bits,
                    atLeast = (age - 1) * SECOND,
                    System.nanoTime(),
                ),
            )
            assertAge(
                age,
                StartStamp.nanos(
                    startedBefore(age).bits,
                    atLeast = age * SECOND,
                    System.nanoTime(),
                ),
            )
        }
    }

    @Test
    fun aListedJobIsYoungAndKeepsItsPhaseAndPlace() {
        val job = PromiseJob<String>(scope)
        scope.list(job, "test")
        assertEquals(0, StartStamp.nanos(job.bits, atLeast = 0, System.nanoTime()) / (60 * SECOND))
        assertEquals(0, job.bits and JobBits.PHASE_MASK)
        assertTrue(job.bits and JobBits.LISTED != 0)
        job.complete("value")
        assertEquals(listOf<Any>(), scope.contents.jobs())
    }

    @Test
    fun textIsNoMoreExactThanTheAge() {
        assertEquals(
            listOf("0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 d"),
            listOf(0L, 119, 120, 7_199, 7_200, 172_799, 172_800).map(StartStamp::text),
        )
    }

    private companion object {
        const val SECOND = 1_000_000_000L
    }
}
