package io.github.coro4j;

import java.time.Duration;

/**
 * Tells a scope the time, and calls it when a time has passed. By default a scope uses the clock of the machine. A test
 * gives it a clock of its own with {@link TaskScope.Builder#timeSource}; {@code coro4j-test} has one that stands still
 * until the test advances it.
 *
 * <p>The scope, and every scope opened inside it, takes from this source: sleeps, timeouts, deadlines, the delays of
 * {@code hedge}, waits of bodies and callbacks with a limit ({@code get(timeout, unit)}, {@code join(Duration)}), the
 * {@code delay} and {@code withTimeout} of suspend bodies on the scope's own executor, and the ages in dumps. A thread
 * that runs neither a body nor a callback waits by the clock of the machine, because it may be the thread that advances
 * this source.
 *
 * <p>Any thread may call both methods, at any time. They must not block, throw, or call a scope that uses the source.
 * If one of them throws, the call that needs the timer throws an {@link IllegalStateException} that names the source.
 * If no call is running, the future that needs the timer fails with that exception.
 *
 * <pre>{@code
 * try (TaskScope scope = TaskScope.builder().name("shop").timeSource(clock).open()) {
 *   Future<String> price = scope.start("price", () -> never.join()).orTimeout(Duration.ofHours(1));
 *   clock.advance(Duration.ofHours(1)); // price has timed out
 * }
 * }</pre>
 *
 * <p>There {@code clock} is a time source of the test, and {@code never} a {@link Promise} that no code completes.
 */
public interface TimeSource {

    /**
     * Returns the time.
     *
     * @return the time in nanoseconds since any fixed moment; it never goes back
     */
    long nanoTime();

    /**
     * Runs an action once, when some time has passed.
     *
     * <p>The thread that runs the action ends sleeps, and cancels what has timed out, before the action returns. The
     * action throws nothing.
     *
     * @param delay how long from now, positive
     * @param action what to run; its {@code toString()} says what the timer is for
     * @return the registration; its {@code remove()} keeps the action from running, unless it has begun
     */
    Registration schedule(Duration delay, Runnable action);
}
