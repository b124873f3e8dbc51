/** Guava's and Reactor's futures to and from those of Coro4j. */
module io.github.coro4j.bridges {
    requires static com.google.common;
    requires static org.jspecify;
    requires static org.reactivestreams;
    requires static reactor.core;
    requires transitive io.github.coro4j.api;

    exports io.github.coro4j.bridges;
}
