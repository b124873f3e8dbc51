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
 * Counts and times bodies in a Micrometer registry. It needs {@code io.micrometer:micrometer-core}, which this artifact
 * does not bring along.
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>type</th><th>tags</th><th>what</th></tr>
 * <tr><td>{@code coro4j.task.wait}</td><td>timer</td><td>{@code scope}, {@code outcome}</td><td>from the start of a task
 * until its body began, or was cancelled before it began</td></tr>
 * <tr><td>{@code coro4j.task.run}</td><td>timer</td><td>{@code scope}, {@code outcome}</td><td>how long the body ran;
 * bodies that never began are not counted</td></tr>
 * <tr><td>{@code coro4j.task.cancel.requests}</td><td>counter</td><td>{@code scope}</td><td>tasks whose cancel was
 * requested</td></tr>
 * <tr><td>{@code coro4j.task.running}</td><td>gauge</td><td>{@code scope}</td><td>bodies that run now</td></tr>
 * </table>
 *
 * <p>{@code outcome} is {@code success}, {@code failure} or {@code cancelled}. The names of tasks are not tags, because
 * each task would then have a meter of its own. The names of scopes are tags. So name a scope after what it does, not
 * after what it does it to: {@code page}, not {@code page 4711}. Or map the tag {@code scope} with a filter of the
 * registry. This listener keeps the counts of each scope name as long as it lives.
 *
 * <p>Use the same listener for all scopes of a registry. Two listeners would register two gauges with one name, and the
 * registry would keep only the first. Any thread may call the listener, which does not block.
 */
public final class MicrometerTaskListener implements TaskListener {
    private final MeterRegistry registry;
    private final ConcurrentMap<String, AtomicInteger> running = new ConcurrentHashMap<>();

    /**
     * Creates a listener that counts in {@link Metrics#globalRegistry}. {@link java.util.ServiceLoader} uses this
     * constructor, and its listener observes the global scope and every other scope that neither has nor inherits a
     * listener.
     */
    public MicrometerTaskListener() {
        this(Metrics.globalRegistry);
    }

    /**
     * Creates a listener for {@link io.github.coro4j.TaskScope.Builder#taskListener}.
     *
     * @param registry where to count
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
