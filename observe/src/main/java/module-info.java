/** Shows scopes as JMX beans, and tasks as Micrometer meters. */
module io.github.coro4j.observe {
    requires static org.jspecify;
    requires static micrometer.core;
    requires transitive io.github.coro4j.api;
    requires transitive java.management;

    exports io.github.coro4j.observe;
}
