/** The contract of Coro4j: tasks, futures, gathers and scopes for Java. */
// These modules are compiled after this one, so javac cannot see them yet.
@SuppressWarnings("module")
module io.github.coro4j.api {
    requires static org.jspecify;

    exports io.github.coro4j;
    exports io.github.coro4j.spi to
            io.github.coro4j,
            io.github.coro4j.test;

    uses io.github.coro4j.spi.Engine;
}
