package io.github.coro4j.spi;

import io.github.coro4j.FailureListener;
import io.github.coro4j.TaskListener;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a builder says of a scope; a null means that the enclosing scope's, or the engine's, is used.
 *
 * @param name the name of the scope
 * @param executor where bodies run
 * @param callbackExecutor where callbacks run
 * @param failureListener who is told of failures that would otherwise vanish
 * @param taskListener who is told of the steps of bodies
 * @param deadline when the scope is cancelled, from its opening on
 */
public record ScopeSettings(
        String name,
        @Nullable Executor executor,
        @Nullable Executor callbackExecutor,
        @Nullable FailureListener failureListener,
        @Nullable TaskListener taskListener,
        @Nullable Duration deadline) {}
