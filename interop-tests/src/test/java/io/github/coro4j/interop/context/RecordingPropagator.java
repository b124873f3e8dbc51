package io.github.coro4j.interop.context;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.interop.testing.Trail;

/** Propagates nothing, and records each call. */
final class RecordingPropagator implements ContextPropagator {
    private final String name;
    private final Trail trail;

    RecordingPropagator(String name, Trail trail) {
        this.name = name;
        this.trail = trail;
    }

    @Override
    public Object capture() {
        trail.add("capture " + name);
        return null;
    }

    @Override
    public Installed install(Object captured) {
        trail.add("install " + name);
        return () -> trail.add("close " + name);
    }
}
