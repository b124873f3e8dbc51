package io.github.coro4j.test

import java.time.Duration
import java.util.Objects

/**
 * A timer that has not run. It belongs to a sleep, a timeout, a deadline, a delay, or a wait with a
 * limit.
 */
public class TestTimer
internal constructor(
    private val due: Duration,
    private val owner: String,
) {
    /** Returns when it is due, as a time since the test scope was opened. */
    public fun due(): Duration = due

    /** Returns the owner of the timer, for example `task "load"`. */
    public fun owner(): String = owner

    override fun equals(other: Any?): Boolean =
        other is TestTimer && due == other.due && owner == other.owner

    override fun hashCode(): Int = Objects.hash(due, owner)

    override fun toString(): String = "$owner, due at $due"
}

/** Returns a duration as `1.5 s` or `250 ms`, for messages. */
internal fun textOf(duration: Duration): String {
    val nanos = duration.toNanos()
    return when {
        nanos % 1_000_000_000 == 0L -> "${nanos / 1_000_000_000} s"
        nanos % 1_000_000 == 0L && nanos < 1_000_000_000 -> "${nanos / 1_000_000} ms"
        nanos % 1_000_000 == 0L ->
            "${nanos / 1_000_000_000}.${"%03d".format(nanos / 1_000_000 % 1000).trimEnd('0')} s"
        else -> "$nanos ns"
    }
}
