package io.github.coro4j.android;

import androidx.lifecycle.Lifecycle;
import androidx.lifecycle.LifecycleOwner;
import androidx.lifecycle.LifecycleRegistry;

/** An owner whose state a test sets. */
final class TestOwner implements LifecycleOwner {
    final LifecycleRegistry registry = new LifecycleRegistry(this);

    TestOwner(Lifecycle.State state) {
        registry.setCurrentState(state);
    }

    static TestOwner resumed() {
        return new TestOwner(Lifecycle.State.RESUMED);
    }

    void moveTo(Lifecycle.State state) {
        registry.setCurrentState(state);
    }

    void destroy() {
        moveTo(Lifecycle.State.DESTROYED);
    }

    @Override
    public Lifecycle getLifecycle() {
        return registry;
    }
}
