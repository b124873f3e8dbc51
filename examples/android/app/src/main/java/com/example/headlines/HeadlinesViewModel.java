package com.example.headlines;

import androidx.annotation.Nullable;
import androidx.lifecycle.ViewModel;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import io.github.coro4j.android.LatestProgress;
import io.github.coro4j.android.LifecycleScopes;
import java.time.Duration;
import java.util.List;

/** Loads the headlines. It outlives a rotation; when the user leaves, its scope cancels what still runs. */
public class HeadlinesViewModel extends ViewModel {
    private static final int AT_ONCE = 5;

    private final TaskScope scope = LifecycleScopes.open(this, "headlines");
    private final List<Source> sources = Sources.all();

    /** How long all sources together may take. Tests set a shorter time. */
    Duration timeout = Duration.ofSeconds(10);

    private @Nullable Future<List<Outcome<String>>> headlines;
    private LatestProgress progress = new LatestProgress();

    /** {@return the sources, in the order of the headlines} */
    public List<Source> sources() {
        return sources;
    }

    /** {@return what was loaded last or is loading now, or null if nothing was} */
    public @Nullable Future<List<Outcome<String>>> headlines() {
        return headlines;
    }

    /** {@return how far the last load has come} */
    public LatestProgress progress() {
        return progress;
    }

    /** Asks all sources. */
    public void load() {
        progress = new LatestProgress();
        headlines =
                scope.gather(sources, Source::headline)
                        .concurrency(AT_ONCE)
                        .timeout(timeout)
                        .onProgress(progress)
                        .settled();
    }
}
