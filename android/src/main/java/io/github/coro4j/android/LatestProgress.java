package io.github.coro4j.android;

import io.github.coro4j.GatherProgress;
import io.github.coro4j.ProgressListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the latest progress of a gather, so that an activity that is created later can show it. Pass it to {@link io.github.coro4j.Gather#onProgress},
 * keep it in a view model, and show it with
 * {@link LifecycleScopes#onProgress(androidx.lifecycle.LifecycleOwner, LatestProgress, java.util.function.Consumer)}.
 *
 * <pre>{@code
 * private final LatestProgress progress = new LatestProgress();
 * private final Future<List<Outcome<String>>> pages =
 *     scope.gather(names, Pages::load).onProgress(progress).settled();
 * }</pre>
 *
 * <p>Any thread may call any method. A destroyed owner is no longer referenced.
 */
public final class LatestProgress implements ProgressListener {
    private final List<LifecycleProgress> screens = new CopyOnWriteArrayList<>();
    private volatile @Nullable GatherProgress latest;

    /** Creates an object without progress. A later gather may use it again, once the one before has ended. */
    public LatestProgress() {}

    /** {@return the latest progress, or null before the first child has ended} */
    public @Nullable GatherProgress get() {
        return latest;
    }

    @Override
    public void progressed(GatherProgress progress) {
        latest = progress;
        for (LifecycleProgress each : screens) {
            each.changed();
        }
    }

    void add(LifecycleProgress screen) {
        screens.add(screen);
        // publish, then re-check: pairs with progressed
        if (latest != null) {
            screen.changed();
        }
    }

    void remove(LifecycleProgress screen) {
        screens.remove(screen);
    }
}
