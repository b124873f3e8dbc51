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

    /** Leaves the lifecycle if the scope was closed earlier, so that an owner does not collect closed scopes. */
    @Override
    public void onStart(LifecycleOwner owner) {
        leaveIfClosed(owner);
    }

    @Override
    public void onStop(LifecycleOwner owner) {
        leaveIfClosed(owner);
    }

    private void leaveIfClosed(LifecycleOwner owner) {
        if (!scope.isOpen()) {
            owner.getLifecycle().removeObserver(this);
        }
    }

    @Override
    public void onDestroy(LifecycleOwner owner) {
        scope.closeAsync("the " + owner.getClass().getSimpleName() + " was destroyed");
    }
}
