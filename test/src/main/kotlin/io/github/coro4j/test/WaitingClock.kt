package io.github.coro4j.test

import io.github.coro4j.TimeSource
import io.github.coro4j.spi.SteppedTime
import java.time.Clock
import java.time.Instant
import java.time.ZoneId
import java.time.ZoneOffset
import java.util.function.BooleanSupplier

/** The time source of a [TestScope]: its clock, and what a wait of the test thread does. */
internal class WaitingClock(private val clock: VirtualClock) : SteppedTime, TimeSource by clock {
    /** Set right after the scope was opened. */
    @Volatile var scope: TestScope? = null

    override fun beforeWaitOutside(label: String, isOver: BooleanSupplier) {
        scope?.beforeWait(label, isOver::getAsBoolean)
    }
}

/** The time as dates. */
internal class VirtualDates(
    private val clock: VirtualClock,
    private val zone: ZoneId = ZoneOffset.UTC,
) : Clock() {
    override fun getZone(): ZoneId = zone

    override fun withZone(zone: ZoneId): Clock = VirtualDates(clock, zone)

    override fun instant(): Instant = START.plusNanos(clock.now)

    override fun toString(): String = "the clock of a test scope, at ${instant()}"

    private companion object {
        val START: Instant = Instant.parse("2026-01-01T00:00:00Z")
    }
}
