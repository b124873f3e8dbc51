package io.github.coro4j.android;

import androidx.lifecycle.DefaultLifecycleObserver;
import androidx.lifecycle.Lifecycle;
import androidx.lifecycle.LifecycleOwner;
import io.github.coro4j.Future;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.Registration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the latest progress to a listener on the main thread, while a lifecycle is started. Only {@link #changed()} and
 * {@link #remove()} are called on other threads.
 */
final class LifecycleProgress implements DefaultLifecycleObserver, Registration {
    private final Lifecycle lifecycle;
    private final LatestProgress source;
    private final boolean isForOneGather;

    /** True while a call of the listener is posted. One call shows whatever is latest. */
    private final AtomicBoolean isPosted = new AtomicBoolean();

    /**
     * Null once the owner is destroyed or the registration removed, so that the group does not hold the owner. Guarded by
     * the lock of this object, so that no call begins after a removal.
     */
    private @Nullable Consumer<? super GatherProgress> listener;

    private boolean isRunning;

    private @Nullable GatherProgress shown;

    private LifecycleProgress(
            Lifecycle lifecycle,
            LatestProgress source,
            boolean isForOneGather,
            Consumer<? super GatherProgress> listener) {
        this.lifecycle = lifecycle;
        this.source = source;
        this.isForOneGather = isForOneGather;
        this.listener = listener;
    }

    static Registration add(
            Lifecycle lifecycle,
            LatestProgress source,
            boolean isForOneGather,
            Consumer<? super GatherProgress> listener) {
        LifecycleProgress made = new LifecycleProgress(lifecycle, source, isForOneGather, listener);
        if (LifecycleScopes.isDestroyed(lifecycle)) {
            made.listener = null;
        } else {
            lifecycle.addObserver(made);
            source.add(made);
        }
        return made;
    }

    /** Posts a call of the listener, unless one is posted. */
    void changed() {
        if (isPosted.compareAndSet(false, true)) {
            // As a callback of a future, so that an exception of the listener is reported like any
            // other.
            Future.completed(this)
                    .addDoneCallback(done -> done.result().show(), MainThread.executor());
        }
    }

    private void show() {
        isPosted.set(false);
        // publish, then re-check: pairs with LatestProgress.progressed
        GatherProgress progress = source.get();
        if (progress == null
                || progress == shown
                || !lifecycle.getCurrentState().isAtLeast(Lifecycle.State.STARTED)) {
            return;
        }
        Consumer<? super GatherProgress> to = beginCall();
        if (to == null) {
            return;
        }
        try {
            shown = progress;
            to.accept(progress);
        } finally {
            endCall();
            if (isForOneGather && progress.done() == progress.total()) {
                remove();
            }
        }
    }

    private synchronized @Nullable Consumer<? super GatherProgress> beginCall() {
        isRunning = listener != null;
        return listener;
    }

    private synchronized void endCall() {
        isRunning = false;
    }

    @Override
    public void onStart(LifecycleOwner owner) {
        changed();
    }

    @Override
    public void onDestroy(LifecycleOwner owner) {
        remove();
    }

    @Override
    public boolean remove() {
        boolean isRemoved;
        synchronized (this) {
            isRemoved = listener != null && !isRunning;
            listener = null;
        }
        source.remove(this);
        MainThread.run(() -> lifecycle.removeObserver(this));
        return isRemoved;
    }

    @Override
    public void close() {
        remove();
    }
}
