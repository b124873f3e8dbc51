package io.github.coro4j.spi;

import io.github.coro4j.TaskScope;

/** A scope that passes each call on to a scope of the engine, which accepts it wherever it accepts its own scopes. */
public interface ScopeView extends TaskScope {

    /**
     * Returns the scope of the engine.
     *
     * @return always the same scope
     */
    TaskScope viewed();
}
