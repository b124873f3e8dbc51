package io.github.coro4j.observe;

import io.github.coro4j.ConcurrencyLimit;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/**
 * Shows the state of a {@link ConcurrencyLimit} in a Micrometer registry. It needs
 * {@code io.micrometer:micrometer-core}, which this artifact does not bring along.
 *
 * <table>
 * <caption>The meters, each with the tag {@code limit}, the name of the limit</caption>
 * <tr><th>name</th><th>type</th><th>what</th></tr>
 * <tr><td>{@code coro4j.limit.capacity}</td><td>gauge</td><td>how many bodies may run at once</td></tr>
 * <tr><td>{@code coro4j.limit.in.use}</td><td>gauge</td><td>how many permits are in use</td></tr>
 * <tr><td>{@code coro4j.limit.queued}</td><td>gauge</td><td>how many gathers and bodies wait for a permit</td></tr>
 * </table>
 */
public final class MicrometerLimits {
    private MicrometerLimits() {}

    /**
     * Registers the meters of a limit. The registry keeps the limit alive. Bind each limit once, and give limits
     * different names, because a registry keeps only the first of two gauges with the same name and tag.
     *
     * @param registry where to show the limit
     * @param limit the limit
     */
    public static void bind(MeterRegistry registry, ConcurrencyLimit limit) {
        if (registry == null) {
            throw new NullPointerException(
                    "registry must not be null: give Metrics.globalRegistry for the global one");
        }
        if (limit == null) {
            throw new NullPointerException(
                    "limit must not be null: no meter was registered; create one with ConcurrencyLimit.of");
        }
        gauge(registry, "coro4j.limit.capacity", limit, limit::capacity);
        gauge(registry, "coro4j.limit.in.use", limit, limit::inUse);
        gauge(registry, "coro4j.limit.queued", limit, limit::queued);
    }

    private static void gauge(
            MeterRegistry registry, String name, ConcurrencyLimit limit, Supplier<Number> value) {
        Gauge.builder(name, value).tag("limit", limit.name()).register(registry);
    }
}
