package io.github.coro4j.interop.bridges;

import io.github.coro4j.interop.testing.ThreadValue;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;

/** A value in OpenTelemetry's current context. {@code set} makes a context current and never closes its scope. */
final class OpenTelemetryValue implements ThreadValue {
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    @Override
    public String get() {
        return Context.current().get(TENANT);
    }

    @Override
    public void set(String text) {
        Context next = text == null ? Context.root() : Context.current().with(TENANT, text);
        next.makeCurrent();
    }

    @Override
    public String toString() {
        return "OpenTelemetry";
    }
}
