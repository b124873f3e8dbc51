package io.github.coro4j.internal.base

import io.github.coro4j.spi.Label
import java.math.BigDecimal
import java.time.Duration

private const val MAX_LENGTH = 100

internal fun withReason(state: String, reason: String?): String =
    if (reason == null) state else "$state: ${shorten(reason)}"

internal fun underWay(callbacks: Int): String =
    if (callbacks == 0) "" else ", ${counted(callbacks, "callback")} under way"

/** Formats a duration as in `0.05 s`, the one notation for all times in messages. */
internal fun seconds(duration: Duration): String {
    val exact = BigDecimal.valueOf(duration.seconds) + BigDecimal.valueOf(duration.nano.toLong(), 9)
    return "${exact.stripTrailingZeros().toPlainString()} s"
}

/** Returns a count with its noun: `1 task`, `2 tasks`. */
internal fun counted(count: Int, one: String, many: String = one + "s") =
    "$count ${if (count == 1) one else many}"

internal fun shorten(text: String): String =
    if (text.length <= MAX_LENGTH) Label.oneLine(text)
    else Label.oneLine(text.take(MAX_LENGTH)) + "... (${text.length} characters)"
