@file:OptIn(ExperimentalCoroutinesApi::class, InternalCoroutinesApi::class)

package io.github.coro4j.test

import java.lang.reflect.Field
import java.time.Duration
import java.util.concurrent.TimeUnit
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.Delay
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.internal.ThreadSafeHeap
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestCoroutineScheduler

/**
 * Makes a scheduler of kotlinx-coroutines-test show the time of a test scope. Whichever of the two
 * is advanced, the other follows: the timers of the scope are events of the scheduler, and the
 * scope stops at each event of the scheduler.
 */
internal class SharedScheduler(private val scope: TestScope, private val clock: VirtualClock) :
    VirtualClock.OtherClock, Stepper.OtherEvents {
    val scheduler = TestCoroutineScheduler()
    private val timers = StandardTestDispatcher(scheduler) as Delay

    init {
        scheduler.advanceTimeBy(millisBefore(clock.now))
        clock.connect(this)
        scope.stepper.other = this
    }

    override fun now(): Long = TimeUnit.MILLISECONDS.toNanos(scheduler.currentTime)

    override fun stopAt(due: Long): () -> Unit {
        val delay = millisFrom(due) - scheduler.currentTime
        val handle =
            timers.invokeOnTimeout(
                delay.coerceAtLeast(0),
                { if (!scope.isAdvancing) scope.follow() },
                EmptyCoroutineContext,
            )
        return handle::dispose
    }

    override fun nextDue(): Long? = nextEvent(scheduler)?.let(TimeUnit.MILLISECONDS::toNanos)

    override fun run(at: Long) {
        scheduler.advanceTimeBy((millisFrom(at) - scheduler.currentTime).coerceAtLeast(0))
        scheduler.runCurrent()
    }

    private fun millisBefore(nanos: Long) = TimeUnit.NANOSECONDS.toMillis(nanos)

    private fun millisFrom(nanos: Long) = Duration.ofNanos(nanos).plusNanos(999_999).toMillis()

    /**
     * Reads the queue of a scheduler by reflection. The public methods run all events of a time
     * span at once, and only the queue tells at which moments to stop. `SharedSchedulerTest` fails
     * if one of the two fields changes.
     */
    private companion object {
        val EVENTS: Field = open(TestCoroutineScheduler::class.java, "events")

        fun open(type: Class<*>, field: String): Field =
            type.getDeclaredField(field).apply { isAccessible = true }

        fun nextEvent(scheduler: TestCoroutineScheduler): Long? {
            val event = (EVENTS.get(scheduler) as ThreadSafeHeap<*>).peek() ?: return null
            return open(event.javaClass, "time").get(event) as Long
        }
    }
}
