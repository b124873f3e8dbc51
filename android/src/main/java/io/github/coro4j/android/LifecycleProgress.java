package io.github.coro4j.android;

import androidx.lifecycle.DefaultLifecycleObserver;
import androidx.lifecycle.Lifecycle;
import androidx.lifecycle.LifecycleOwner;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.ProgressListener;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes the latest progress of a group to a listener on the main thread, while a lifecycle is started. */
final class LifecycleProgress implements DefaultLifecycleObserver, ProgressListener {
    private final Lifecycle lifecycle;

    /** The progress that the listener has not received, or null. */
    private final AtomicReference<@Nullable GatherProgress> latest = new AtomicReference<>();

    /** Null once the owner is destroyed, so that the group does not hold it. */
    private volatile @Nullable Consumer<? super GatherProgress> listener;

    private LifecycleProgress(Lifecycle lifecycle, Consumer<? super GatherProgress> listener) {
        this.lifecycle = lifecycle;
        this.listener = listener;
    }

    static ProgressListener on(Lifecycle lifecycle, Consumer<? super GatherProgress> listener) {
        LifecycleProgress made = new LifecycleProgress(lifecycle, listener);
        if (LifecycleScopes.isDestroyed(lifecycle)) {
            made.listener = null;
        } else {
            lifecycle.addObserver(made);
        }
        return made;
    }

    @Override
    public void progressed(GatherProgress progress) {
        if (listener == null) {
            return;
        }
        // If one is waiting, a call is on its way, or comes at the start of the owner.
        if (latest.getAndSet(progress) == null) {
            MainThread.executor().execute(this::show);
        }
    }

    private void show() {
        Consumer<? super GatherProgress> to = listener;
        if (to == null || !lifecycle.getCurrentState().isAtLeast(Lifecycle.State.STARTED)) {
            return;
        }
        GatherProgress progress = latest.getAndSet(null);
        if (progress != null) {
            if (progress.done() == progress.total()) {
                lifecycle.removeObserver(this);
            }
            to.accept(progress);
        }
    }

    @Override
    public void onStart(LifecycleOwner owner) {
        MainThread.executor().execute(this::show);
    }

    @Override
    public void onDestroy(LifecycleOwner owner) {
        listener = null;
        latest.set(null);
        lifecycle.removeObserver(this);
    }
}
