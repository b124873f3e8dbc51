package io.github.coro4j.interop.bridges;

import io.github.coro4j.interop.testing.ThreadValue;
import io.micrometer.context.ContextRegistry;

/** A thread-local that Micrometer's registry knows. */
final class MicrometerValue implements ThreadValue {
    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    static {
        ContextRegistry.getInstance()
                .registerThreadLocalAccessor("tenant", TENANT::get, TENANT::set, TENANT::remove);
    }

    @Override
    public String get() {
        return TENANT.get();
    }

    @Override
    public void set(String text) {
        TENANT.set(text);
    }

    @Override
    public String toString() {
        return "Micrometer";
    }
}
