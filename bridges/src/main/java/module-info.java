/**
 * Converts futures of other libraries to and from those of Coro4j, and propagates what other libraries keep on a
 * thread.
 */
module io.github.coro4j.bridges {
    requires static com.google.common;
    requires static context.propagation;
    requires static io.opentelemetry.context;
    requires static org.jspecify;
    requires static org.reactivestreams;
    requires static org.slf4j;
    requires static reactor.core;
    requires transitive io.github.coro4j.api;

    exports io.github.coro4j.bridges;

    provides io.github.coro4j.ContextPropagator with
            io.github.coro4j.bridges.MdcPropagator,
            io.github.coro4j.bridges.OpenTelemetryPropagator,
            io.github.coro4j.bridges.MicrometerPropagator;
}
