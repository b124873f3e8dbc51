package io.github.coro4j.spi;

import io.github.coro4j.TaskScope;

/** A scope that knows its engine. */
public interface EngineScope extends TaskScope {

    /**
     * Returns the engine.
     *
     * @return always the same engine
     */
    Engine ownEngine();
}
