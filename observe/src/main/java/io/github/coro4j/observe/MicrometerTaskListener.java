package io.github.coro4j.observe;

import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts and times bodies in a Micrometer registry. Needs {@code io.micrometer:micrometer-core}, which this artifact does
 * not bring along.
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>type</th><th>tags</th><th>what</th></tr>
 * <tr><td>{@code coro4j.task.wait}</td><td>timer</td><td>{@code scope}, {@code outcome}</td><td>from the start of a task
 * until its body began, or was cancelled before</td></tr>
 * <tr><td>{@code coro4j.task.run}</td><td>timer</td><td>{@code scope}, {@code outcome}</td><td>how long the body ran; not
 * of bodies that never began</td></tr>
 * <tr><td>{@code coro4j.task.cancel.requests}</td><td>counter</td><td>{@code scope}</td><td>tasks that were asked to stop
 * </td></tr>
 * <tr><td>{@code coro4j.task.running}</td><td>gauge</td><td>{@code scope}</td><td>bodies that run now</td></tr>
 * </table>
 *
 * <p>{@code outcome} is {@code success}, {@code failure} or {@code cancelled}. Tasks are not told apart by name, which
 * would make a meter a task. Scopes are: give them the names of what they do and not of what they do it to, such as
 * {@code page} and not {@code page 4711}, or map the tag {@code scope} with a filter of the registry. What is counted of a
 * scope's name is kept as long as this listener.
 *
 * <p>Give one listener to all scopes of a registry: two of them would be two gauges of one name, of which the registry
 * keeps the first. It may be called from any thread, and does not block.
 */
public final class MicrometerTaskListener implements TaskListener {
    private final MeterRegistry registry;
    private final ConcurrentMap<String, AtomicInteger> running = new ConcurrentHashMap<>();

    /**
     * Makes a listener that counts in {@link Metrics#globalRegistry}: for {@link java.util.ServiceLoader}, which is how
     * the global scope gets one. Such a listener observes every scope that neither has nor inherits a listener of its
     * own.
     */
    public MicrometerTaskListener() {
        this(Metrics.globalRegistry);
    }

    /**
     * Makes a listener, to be given to {@link io.github.coro4j.TaskScope.Builder#taskListener}.
     *
     * @param registry where to count
     * @throws NullPointerException if {@code registry} is null
     */
    public MicrometerTaskListener(MeterRegistry registry) {
        if (registry == null) {
            throw new NullPointerException(
                    "registry must not be null: give Metrics.globalRegistry for the global one");
        }
        this.registry = registry;
    }

    @Override
    public void started(TaskEvent event) {
        running(event.scope()).incrementAndGet();
    }

    @Override
    public void ended(TaskEvent event) {
        TaskEvent.End end = event.end();
        String outcome = end == null ? "unknown" : end.name().toLowerCase(Locale.ROOT);
        registry.timer("coro4j.task.wait", "scope", event.scope(), "outcome", outcome)
                .record(event.waited());
        if (event.begun()) {
            running(event.scope()).decrementAndGet();
            registry.timer("coro4j.task.run", "scope", event.scope(), "outcome", outcome)
                    .record(event.ran());
        }
    }

    @Override
    public void cancelRequested(TaskEvent event) {
        registry.counter("coro4j.task.cancel.requests", "scope", event.scope()).increment();
    }

    private AtomicInteger running(String scope) {
        AtomicInteger known = running.get(scope);
        return known != null ? known : running.computeIfAbsent(scope, this::gauge);
    }

    private AtomicInteger gauge(String scope) {
        AtomicInteger count = new AtomicInteger();
        Gauge.builder("coro4j.task.running", count, AtomicInteger::get)
                .tag("scope", scope)
                .register(registry);
        return count;
    }
}
