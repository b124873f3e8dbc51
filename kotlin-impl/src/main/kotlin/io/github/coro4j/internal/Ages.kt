package io.github.coro4j.internal

/**
 * When a job was started, by the [CoarseClock], in bits of [FutureJob.bits] that nothing else
 * needs, so that its age costs a task no field: 20 bits of `System.nanoTime()`, in units of 2^27
 * ns. They begin again after 39 hours.
 */
internal object Ages {
    private const val STAMP_SHIFT = 12
    private const val STAMP_BITS = 20
    private const val UNIT_SHIFT = 27
    private const val ROUND = 1L shl STAMP_BITS + UNIT_SHIFT

    /** What to note in the bits of a job that is started at [now]. */
    fun stamp(now: Long): Int = unitsOf(now) shl STAMP_SHIFT

    private fun unitsOf(nanos: Long): Int = (nanos ushr UNIT_SHIFT).toInt()

    /**
     * Returns the age of [job] at [now], in nanoseconds and wrong by at most a unit. [atLeast] says
     * how old it is for certain; [now] must not be before its start.
     */
    fun nanos(job: FutureJob<*>, atLeast: Long, now: Long = System.nanoTime()): Long {
        val started = job.bits ushr STAMP_SHIFT
        val units = unitsOf(now) - started and (1 shl STAMP_BITS) - 1
        val age = units.toLong() shl UNIT_SHIFT
        val rounds = (atLeast - age + ROUND / 2) / ROUND
        return age + rounds.coerceAtLeast(0) * ROUND
    }

    /** `3 s`, `5 min`, `7 h`: no more exact than it is. */
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
