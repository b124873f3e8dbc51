package io.github.coro4j.test

import io.github.coro4j.FailureReport
import io.github.coro4j.Future
import io.github.coro4j.TaskScope
import io.github.coro4j.spi.Engine
import io.github.coro4j.spi.EngineScope
import io.github.coro4j.spi.ScopeView
import java.time.Clock
import java.time.Duration
import java.util.concurrent.Callable

/**
 * A task scope whose time stands still until the test advances it. Use one for each test. Only one
 * thread at a time may advance it: the test thread.
 *
 * ```java
 * try (TestScope scope = TestScope.open()) {
 *     Future<String> answer = scope.start(() -> slow()).orTimeout(Duration.ofSeconds(30));
 *     scope.advanceBy(Duration.ofSeconds(30));
 *     Coro4jAssertions.assertTimedOut(answer);
 * }
 * ```
 *
 * Everything that a scope takes from its time source moves with this time: sleeps, timeouts,
 * deadlines, delays of hedges, waits of bodies and callbacks with a limit, `delay` and
 * `withTimeout` of suspend bodies, and the ages in dumps. Scopes that are opened inside the scope
 * share its time. So do scopes that the test thread opens inside [runInside]; under [Coro4jTest],
 * every test method runs inside it.
 *
 * **Advancing.** [advanceBy] first waits until every body is *idle*: it has ended, or waits for
 * something of this library, such as a future, a sleep or a permit. Then it runs the timers that
 * are due, one by one in their order, and waits again after each. A body that waits for something
 * else (a socket, a latch, `Thread.sleep`) is not idle. The *guard* is five seconds of real time
 * unless [Builder.guard] says otherwise. If a body is not idle and nothing has changed for that
 * time, or if bodies go on for ten times that, the call throws an `AssertionError`. It names the
 * body, and has its stack. A coroutine that is suspended on the executor of its scope counts as
 * idle, whatever it waits for.
 *
 * **The test thread.** A wait of the test thread without a limit (`join()`, `get()`) waits until
 * every body is idle, but does not advance the time. If nothing has ended the wait within the
 * guard, it throws an `IllegalStateException` that says when the next timer is due. A wait with a
 * limit (`get(1, SECONDS)`) is by the clock of the machine.
 *
 * **Closing** cancels what still runs, and lets clean-ups run to their end, for which it advances
 * the time if necessary.
 */
public class TestScope
private constructor(
    private val engine: Engine,
    private val real: TaskScope,
    private val clock: VirtualClock,
    private val executor: ControlledExecutor?,
    private val guard: Duration,
    private val reports: MutableList<FailureReport>,
) : ScopeView, TaskScope by real {
    internal val stepper = Stepper(engine, real, clock, executor, guard)

    private val advancing = Advancing(engine, real)

    override fun viewed(): TaskScope = real

    // ---- time

    /**
     * Advances the time by [duration]. Runs all timers that are due on the way and at the end, one
     * by one, and waits after each until every body is idle. Zero does what [runCurrent] does.
     *
     * @throws IllegalArgumentException if [duration] is negative, or the time would pass 292 years
     * @throws IllegalStateException in a body or a callback, on a second thread at the same time,
     *   or if this scope is closed
     * @throws AssertionError if a body is not idle within the guard
     */
    public fun advanceBy(duration: Duration) {
        val nanos = checkedNanos(duration)
        whileAdvancing("advanceBy") { stepper.advanceTo(Math.addExact(clock.now, nanos)) }
    }

    /**
     * Waits until every body is idle, runs the timers that are due now, and waits again. The time
     * stays.
     *
     * @throws IllegalStateException like [advanceBy]
     * @throws AssertionError like [advanceBy]
     */
    public fun runCurrent(): Unit = whileAdvancing("runCurrent") { stepper.advanceTo(clock.now) }

    /**
     * Waits until every body is idle, and runs no timer. Call it where something else advances the
     * time, such as `runTest` with [testScheduler], after you have started a body there.
     *
     * @throws IllegalStateException like [advanceBy]
     * @throws AssertionError like [advanceBy]
     */
    public fun awaitIdle(): Unit = whileAdvancing("awaitIdle") { stepper.settle() }

    /**
     * Advances the time from timer to timer until there is none.
     *
     * @throws IllegalStateException like [advanceBy]
     * @throws AssertionError like [advanceBy], or if timers start each other for ever: after 10,000
     *   timers the call gives up, and names the last one
     */
    public fun advanceUntilIdle(): Unit =
        whileAdvancing("advanceUntilIdle", stepper::advanceUntilIdle)

    /** Returns how far the time was advanced since the scope was opened. */
    public fun currentTime(): Duration = Duration.ofNanos(clock.now)

    /** Returns the timers that have not run, in the order in which they are due. */
    public fun timers(): List<TestTimer> = clock.timers()

    /**
     * Returns a clock of the JDK that shows this time, for code that asks for a date. At the start
     * it is midnight of 1 January 2026, UTC.
     */
    public fun clock(): Clock = VirtualDates(clock)

    /**
     * Makes advancing not wait for the body of [future], which is meant to wait for something that
     * this library cannot see. A leak check ignores it too. Pass the task itself, not a future that
     * was derived from it. With a [ControlledExecutor] such a body keeps its turn, so it must end.
     */
    public fun ignore(future: Future<*>): Unit = stepper.ignore(future)

    private fun checkedNanos(duration: Duration): Long {
        val text = "the time was not advanced"
        require(!duration.isNegative) {
            "duration must not be negative, but is $duration: $text; time never goes back"
        }
        try {
            return duration.toNanos().also { Math.addExact(clock.now, it) }
        } catch (e: ArithmeticException) {
            throw IllegalArgumentException(
                "the time must not pass 292 years, but is ${currentTime()}, and duration is $duration: " +
                    "$text; pass a shorter duration, or call advanceUntilIdle()",
                e,
            )
        }
    }

    private fun <T> whileAdvancing(what: String, step: () -> T): T {
        advancing.refuseInCode(what)
        check(isOpen()) {
            "${labelOf(real)} is closed, so its time cannot advance. Call $what before close()"
        }
        return advancing.whileAlone(what, step)
    }

    /** Runs everything, and advances the time whenever nothing else can go on, until [isOver]. */
    internal fun runUntil(isOver: () -> Boolean): Boolean =
        whileAdvancing("runCoro4jTest") { stepper.runUntil(isOver) }

    // ---- the scope around

    /**
     * Runs [call] so that what this thread starts without naming a scope belongs to this scope:
     * `Task.start`, `Task.sleep`, promises, and the scopes that it opens.
     */
    public fun <T> runInside(call: Callable<T>): T = advancing.onTestThread {
        engine.callIn(real, call)
    }

    /** Returns the failures that were reported so far, and that no code has read since. */
    public fun failures(): List<FailureReport> =
        synchronized(reports) { reports.toList() }
            .filterNot { engine.wasReadLater(real, it.exception()) }

    /**
     * Closes the scope; see the description of the class.
     *
     * @throws AssertionError if a body has not stopped within the guard
     * @throws IllegalStateException in a body or a callback, or while another thread advances the
     *   time
     */
    override fun close() {
        advancing.refuseInCode("close")
        if (!real.isOpen) return
        val closing = real.closeAsync("the test has ended")
        try {
            val hasClosed =
                advancing.whileAlone("close") {
                    stepper.runUntil(closing::isDone) || stepper.awaitEnd(closing::isDone)
                }
            if (!hasClosed) throw failure("${labelOf(real)} has not closed.\n${real.dump()}")
        } finally {
            stepper.end()
        }
    }

    /**
     * Throws if anything of this scope is left: a body, a group, a timer or a callback, or a
     * failure that no code has read. Call it at the end of a test; [Coro4jTest] does so.
     *
     * @throws AssertionError if so; its message says what is left, and has the dump
     */
    public fun assertNoLeaks() {
        runCurrent()
        LeakCheck.throwIfAny(this)
    }

    override fun toString(): String = "Test$real"

    // ---- kotlinx-coroutines-test

    private val shared = lazy { SharedScheduler(this, clock) }

    /** The scheduler of kotlinx-coroutines-test that shows the time of this scope. */
    internal val scheduler: SharedScheduler
        get() = shared.value

    /** True if a thread advances the time of this scope by its own methods. */
    internal val isAdvancing: Boolean
        get() = advancing.isUnderWay

    /** Runs what is due, because another clock was advanced. */
    internal fun follow(): Unit = whileAdvancing("advanceTimeBy") { stepper.followTo(clock.now) }

    internal fun beforeWait(label: String, isOver: () -> Boolean) {
        if (!advancing.isTestThread || isAdvancing) return
        val end = System.nanoTime() + stepper.guardNanos
        var rounds = 0
        while (!isOver()) {
            advancing.whileAlone("join()") { stepper.settle(isOver) }
            if (isOver()) return
            if (System.nanoTime() - end > 0)
                throw IllegalStateException(
                    "the wait for $label has not ended within ${textOf(guard)}, because the time of " +
                        "${labelOf(real)} stands still at ${currentTime()}. " +
                        "${describeTimers()} Call advanceBy or advanceUntilIdle before the wait, or start the " +
                        "code that waits as a task, and close a scope with closeAsync"
                )
            stepper.pause(rounds++)
        }
    }

    private fun describeTimers(): String =
        timers().firstOrNull()?.let { "The next timer is that of $it." } ?: "No timer is left."

    /** Describes a test scope, and opens it. Each method returns this builder. */
    public class Builder internal constructor() {
        private var name = "test"
        private var guard = DEFAULT_GUARD
        private var executor: ControlledExecutor? = null

        /** Sets the name of the scope, for messages and dumps. The default is `test`. */
        public fun name(name: String): Builder = apply { this.name = name }

        /**
         * Sets how long advancing waits for bodies, in real time. The default is five seconds.
         *
         * @throws IllegalArgumentException if [guard] is zero or negative
         */
        public fun guard(guard: Duration): Builder = apply {
            require(!guard.isNegative && !guard.isZero) {
                "guard must be positive, but is $guard: no scope was opened; the default is 5 s"
            }
            this.guard = guard
        }

        /**
         * Makes bodies run one at a time on [executor]. By default they run on the engine's pool.
         */
        public fun executor(executor: ControlledExecutor): Builder = apply {
            this.executor = executor
        }

        /** Opens the scope. The caller must close it. */
        public fun open(): TestScope = open(name, guard, executor)
    }

    public companion object {
        private val DEFAULT_GUARD: Duration = Duration.ofSeconds(5)

        /** Opens a test scope with the default settings. */
        @JvmStatic public fun open(): TestScope = builder().open()

        /** Returns a builder of a test scope. */
        @JvmStatic public fun builder(): Builder = Builder()

        private fun open(name: String, guard: Duration, executor: ControlledExecutor?): TestScope {
            val clock = VirtualClock()
            val reports = ArrayList<FailureReport>()
            val source = WaitingClock(clock)
            val builder =
                TaskScope.builder().name(name).timeSource(source).failureListener { report ->
                    synchronized(reports) { reports.add(report) }
                }
            if (executor != null) builder.executor(executor).callbackExecutor(executor)
            val real = builder.open()
            val engine = (real as EngineScope).ownEngine()
            val scope = TestScope(engine, real, clock, executor, guard, reports)
            source.scope = scope
            return scope
        }
    }
}
