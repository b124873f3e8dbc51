/** The engine of Coro4j, on kotlinx.coroutines. */
module io.github.coro4j {
    requires static org.jspecify;
    requires transitive io.github.coro4j.api;
    requires transitive kotlin.stdlib;
    requires transitive kotlinx.coroutines.core;
    requires java.logging;

    exports io.github.coro4j.coroutines;
    // The API makes the engine by its name.
    exports io.github.coro4j.internal.engine to
            io.github.coro4j.api;

    uses io.github.coro4j.BlockingGuard;
    uses io.github.coro4j.ContextPropagator;
    uses io.github.coro4j.TaskListener;
    uses io.github.coro4j.ThreadStart;

    provides io.github.coro4j.spi.Engine with
            io.github.coro4j.internal.engine.KotlinEngine;
}
