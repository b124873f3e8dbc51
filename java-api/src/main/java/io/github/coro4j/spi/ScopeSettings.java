package io.github.coro4j.spi;

import io.github.coro4j.BlockingGuard;
import io.github.coro4j.ContextPropagator;
import io.github.coro4j.FailureListener;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a scope. A null setting means that of the enclosing scope or, without one, the engine's.
 *
 * @param name the name of the scope
 * @param executor where bodies run
 * @param callbackExecutor where callbacks run
 * @param failureListener the listener for failures that would otherwise vanish
 * @param taskListener the listener for the steps of bodies
 * @param deadline when the scope is cancelled, counted from its opening; null for no deadline
 * @param contextPropagators what propagates context, in addition to the propagators of the enclosing scope and the
 *     engine
 * @param timeSource where the time comes from
 * @param blockingGuard what decides whether a thread may wait for work of the scope
 */
public record ScopeSettings(
        String name,
        @Nullable Executor executor,
        @Nullable Executor callbackExecutor,
        @Nullable FailureListener failureListener,
        @Nullable TaskListener taskListener,
        @Nullable Duration deadline,
        List<ContextPropagator> contextPropagators,
        @Nullable TimeSource timeSource,
        @Nullable BlockingGuard blockingGuard) {

    /**
     * Creates settings with a name alone.
     *
     * @param name the name of the scope
     */
    public ScopeSettings(String name) {
        this(name, null, null, null, null, null, List.of(), null, null);
    }
}
