package io.github.coro4j.interop.context;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.interop.testing.Trail;

/** A propagator that throws in the method that {@code at} names. */
final class Breaking implements ContextPropagator {
    private final Trail trail;
    private final RuntimeException broken;
    volatile String at = "";

    Breaking(Trail trail, RuntimeException broken) {
        this.trail = trail;
        this.broken = broken;
    }

    private void step(String name) {
        trail.add(name);
        if (at.equals(name)) {
            throw broken;
        }
    }

    @Override
    public Object capture() {
        step("capture");
        return null;
    }

    @Override
    public Installed install(Object captured) {
        step("install");
        return at.equals("null") ? null : () -> step("close");
    }
}
