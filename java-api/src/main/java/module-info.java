/** The contract of Coro4j: tasks, futures, gathers and scopes for Java. */
// The engine's module is compiled after this one, so javac cannot see it yet.
@SuppressWarnings("module")
module io.github.coro4j.api {
    requires static org.jspecify;

    exports io.github.coro4j;
    exports io.github.coro4j.spi to
            io.github.coro4j;

    uses io.github.coro4j.spi.Engine;
}
