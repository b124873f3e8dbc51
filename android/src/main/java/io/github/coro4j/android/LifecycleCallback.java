package io.github.coro4j.android;

import androidx.lifecycle.DefaultLifecycleObserver;
import androidx.lifecycle.Lifecycle;
import androidx.lifecycle.LifecycleOwner;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Registration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback on the end of a future that a lifecycle can remove. All steps but {@link #remove()} are on the main thread.
 * The reference is the callback; taking it decides between the call, the destruction and a removal.
 */
final class LifecycleCallback<T extends @Nullable Object>
        extends AtomicReference<@Nullable Consumer<? super Outcome<T>>>
        implements DefaultLifecycleObserver, Registration {
    private static final long serialVersionUID = 1L;

    private final transient Lifecycle lifecycle;
    private final boolean waitsForStart;
    private transient @Nullable Registration registration;

    /** The future, if it ended while the owner was not started. */
    private transient @Nullable Future<T> kept;

    private LifecycleCallback(
            Lifecycle lifecycle, Consumer<? super Outcome<T>> callback, boolean waitsForStart) {
        super(callback);
        this.lifecycle = lifecycle;
        this.waitsForStart = waitsForStart;
    }

    static <T extends @Nullable Object> Registration add(
            Lifecycle lifecycle,
            Future<T> future,
            Consumer<? super Outcome<T>> callback,
            boolean waitsForStart) {
        LifecycleCallback<T> made = new LifecycleCallback<>(lifecycle, callback, waitsForStart);
        if (LifecycleScopes.isDestroyed(lifecycle)) {
            made.set(null);
            return made;
        }
        // The callback comes through the looper, so it runs after this method.
        made.registration = future.addDoneCallback(made::arrived, MainThread.executor());
        lifecycle.addObserver(made);
        return made;
    }

    private void arrived(Future<T> done) {
        if (waitsForStart && !lifecycle.getCurrentState().isAtLeast(Lifecycle.State.STARTED)) {
            kept = done;
        } else {
            call(done);
        }
    }

    @Override
    public void onStart(LifecycleOwner owner) {
        Future<T> done = kept;
        if (done != null) {
            kept = null;
            // Add it to the future again, so that an exception of the callback is reported like any
            // other.
            registration = done.addDoneCallback(this::arrived, MainThread.executor());
        }
    }

    private void call(Future<T> done) {
        Consumer<? super Outcome<T>> callback = getAndSet(null);
        if (callback != null) {
            lifecycle.removeObserver(this);
            callback.accept(done.outcome());
        }
    }

    @Override
    public void onDestroy(LifecycleOwner owner) {
        remove();
    }

    @Override
    public boolean remove() {
        if (getAndSet(null) == null) {
            return false;
        }
        MainThread.run(this::release);
        return true;
    }

    private void release() {
        lifecycle.removeObserver(this);
        kept = null;
        Registration added = registration;
        if (added != null) {
            added.remove();
        }
    }

    @Override
    public void close() {
        remove();
    }
}
