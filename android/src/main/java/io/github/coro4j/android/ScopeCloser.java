package io.github.coro4j.android;

import androidx.lifecycle.DefaultLifecycleObserver;
import androidx.lifecycle.Lifecycle;
import androidx.lifecycle.LifecycleOwner;
import io.github.coro4j.TaskScope;

/** Closes a scope when a lifecycle ends. The scope does not hold the lifecycle. */
final class ScopeCloser implements DefaultLifecycleObserver {
    private final TaskScope scope;

    private ScopeCloser(TaskScope scope) {
        this.scope = scope;
    }

    static void closeWith(Lifecycle lifecycle, TaskScope scope) {
        lifecycle.addObserver(new ScopeCloser(scope));
    }

    @Override
    public void onDestroy(LifecycleOwner owner) {
        scope.closeAsync("the " + owner.getClass().getSimpleName() + " was destroyed");
    }
}
