package io.github.coro4j.spi;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.FailureListener;
import io.github.coro4j.TaskListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a builder says of a scope; a null means that the enclosing scope's, or the engine's, is used.
 *
 * @param name the name of the scope
 * @param executor where bodies run
 * @param callbackExecutor where callbacks run
 * @param failureListener the listener for failures that would otherwise vanish
 * @param taskListener the listener for the steps of bodies
 * @param deadline when the scope is cancelled, from its opening on
 * @param contextPropagators what propagates context, beside the propagators of the enclosing scope and the engine
 */
public record ScopeSettings(
        String name,
        @Nullable Executor executor,
        @Nullable Executor callbackExecutor,
        @Nullable FailureListener failureListener,
        @Nullable TaskListener taskListener,
        @Nullable Duration deadline,
        List<ContextPropagator> contextPropagators) {

    /**
     * Settings that leave all to the enclosing scope, or to the engine.
     *
     * @param name the name of the scope
     */
    public ScopeSettings(String name) {
        this(name, null, null, null, null, null, List.of());
    }
}
