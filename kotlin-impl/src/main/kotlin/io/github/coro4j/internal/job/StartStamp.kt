package io.github.coro4j.internal.job

import io.github.coro4j.internal.base.seconds
import io.github.coro4j.internal.job.JobBits.STAMP_BITS
import io.github.coro4j.internal.job.JobBits.STAMP_SHIFT

/**
 * Stores when a job was started, by the time of its scope, in spare bits of the job, so that its
 * age costs a task no field. It stores 18 bits of the time, in units of 2^29 ns, which wrap around
 * after 39 hours.
 */
internal object StartStamp {
    private const val UNIT_SHIFT = 29
    private const val ROUND = 1L shl STAMP_BITS + UNIT_SHIFT

    /** Returns the bits that a job started at [now] stores. */
    fun stamp(now: Long): Int = unitsOf(now) shl STAMP_SHIFT

    private fun unitsOf(nanos: Long): Int = (nanos ushr UNIT_SHIFT).toInt()

    /**
     * Returns the age at [now] of a job with these [bits], in nanoseconds, with an error of at most
     * one unit. [atLeast] is a lower bound of the age; [now] must not be before the start of the
     * job.
     */
    fun nanos(bits: Int, atLeast: Long, now: Long): Long {
        val started = bits ushr STAMP_SHIFT
        val units = unitsOf(now) - started and (1 shl STAMP_BITS) - 1
        val age = units.toLong() shl UNIT_SHIFT
        val rounds = (atLeast - age + ROUND / 2) / ROUND
        return age + rounds.coerceAtLeast(0) * ROUND
    }

    /** Returns a rounded text, such as `3 s`, `5 min` or `7 h`. */
    fun text(seconds: Long): String =
        when {
            seconds < 2 * MINUTE -> "$seconds s"
            seconds < 2 * HOUR -> "${seconds / MINUTE} min"
            seconds < 2 * DAY -> "${seconds / HOUR} h"
            else -> "${seconds / DAY} d"
        }

    private const val MINUTE = 60L
    private const val HOUR = 60 * MINUTE
    private const val DAY = 24 * HOUR
}
