package io.github.coro4j.android;

import static org.robolectric.Shadows.shadowOf;

import android.app.Application;
import android.content.Context;
import android.location.Location;
import android.os.Bundle;
import android.os.Looper;
import android.widget.ProgressBar;
import android.widget.TextView;
import androidx.activity.ComponentActivity;
import androidx.lifecycle.ViewModel;
import androidx.work.WorkerParameters;
import com.google.android.gms.tasks.Task;
import io.github.coro4j.BlockingGuard;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/** The code of docs/guide/android.md, with what it needs around it. AndroidPageTest runs it. */
final class AndroidPageCode {
    private AndroidPageCode() {}

    static final class Pages {
        static String load(String name) throws IOException {
            if (name.equals("broken")) throw new IOException("no connection");
            return "page " + name;
        }
    }

    public static final class PageActivity extends ComponentActivity {
        private TextView text;

        @Override
        protected void onCreate(Bundle state) {
            super.onCreate(state);
            text = new TextView(this);
            setContentView(text);
            TaskScope scope = LifecycleScopes.open(this, "page");
            io.github.coro4j.Task<String> page = scope.start("page", () -> Pages.load("start"));
            LifecycleScopes.onDone(this, page, end -> text.setText(end.valueOr("no connection")));
        }
    }

    public static final class PageModel extends ViewModel {
        private final TaskScope scope = LifecycleScopes.open(this, "page");
        private final io.github.coro4j.Task<String> page =
                scope.start("page", () -> Pages.load("start"));

        public io.github.coro4j.Task<String> page() {
            return page;
        }
    }

    public static final class PagesModel extends ViewModel {
        private final TaskScope scope = LifecycleScopes.open(this, "pages");
        private final LatestProgress progress = new LatestProgress();
        private final Future<List<Outcome<String>>> pages =
                scope.gather(List.of("start", "news"), Pages::load).onProgress(progress).settled();

        LatestProgress progress() {
            return progress;
        }

        Future<List<Outcome<String>>> pages() {
            return pages;
        }
    }

    /** An activity with the other snippets. */
    public static final class OtherActivity extends ComponentActivity {
        final List<String> shown = new ArrayList<>();
        TextView text;
        ProgressBar bar;
        TaskScope scope;

        @Override
        protected void onCreate(Bundle state) {
            super.onCreate(state);
            text = new TextView(this);
            bar = new ProgressBar(this, null, android.R.attr.progressBarStyleHorizontal);
            scope = LifecycleScopes.open(this, "page");
        }

        void attach(PageModel model) {
            LifecycleScopes.onDone(
                    this, model.page(), end -> text.setText(end.valueOr("no connection")));
        }

        void loadAll(List<String> names) {
            Gather<String> pages =
                    scope.gather(names, Pages::load).concurrency(4).timeout(Duration.ofSeconds(10));
            Future<List<Outcome<String>>> loaded =
                    LifecycleScopes.onProgress(this, pages, p -> bar.setProgress((int) p.done()))
                            .settled();
            LifecycleScopes.onDone(this, loaded, end -> show(end.valueOrNull()));
        }

        void follow(PagesModel model) {
            LifecycleScopes.onProgress(
                    this, model.progress(), p -> bar.setProgress((int) p.done()));
        }

        void loadInTime() {
            Future<String> page =
                    scope.start("page", () -> Pages.load("start"))
                            .orTimeout(Duration.ofSeconds(10));
            LifecycleScopes.onDone(this, page, end -> text.setText(end.valueOr("no connection")));
        }

        void showBoth(Future<String> page) {
            LifecycleScopes.onDone(
                    this, page, text::setText, failure -> text.setText("no connection"));
        }

        void loadEach(List<String> names) {
            List<io.github.coro4j.Task<String>> tasks = new ArrayList<>();
            for (String name : names) {
                io.github.coro4j.Task<String> task = scope.start(name, () -> Pages.load(name));
                LifecycleScopes.onDone(
                        this, task, page -> show(page), failure -> show(name + ": failed"));
                tasks.add(task);
            }
            Future<List<Outcome<String>>> all = scope.gatherAsync(tasks, task -> task).settled();
            LifecycleScopes.onDone(this, all, end -> show("all done"));
        }

        private io.github.coro4j.Task<String> search;
        private Registration shownSearch;

        void search(String words) {
            if (shownSearch != null) shownSearch.remove();
            if (search != null) search.cancel("other words were typed");
            search = scope.start("search", () -> Pages.load(words));
            shownSearch =
                    LifecycleScopes.onDone(this, search, this::show, failure -> show("failed"));
        }

        void locate(Locations locations) {
            Future<Location> here = PlayTasks.from(locations.getLastLocation());
            LifecycleScopes.onDone(this, here, end -> show(end.valueOrNull()));
        }

        private void show(Object what) {
            shown.add(String.valueOf(what));
        }
    }

    interface Locations {
        Task<Location> getLastLocation();
    }

    public static final class SyncWorker extends TaskWorker {
        public SyncWorker(Context context, WorkerParameters parameters) {
            super(context, parameters);
        }

        @Override
        protected Result doWork(TaskScope scope) throws Exception {
            try {
                scope.gather(List.of("start", "news"), Pages::load).failFast().join();
                return Result.success();
            } catch (CompletionException e) {
                return e.getCause() instanceof IOException ? Result.retry() : Result.failure();
            }
        }
    }

    /** Compiled only, because settings hold for a process. Coro4jAndroidTest tests them. */
    public static final class PageApp extends Application {
        @Override
        public void onCreate() {
            super.onCreate();
            Coro4jAndroid.settings()
                    .poolThreads(32) // the default is 128
                    .onMainThread(BlockingGuard.Answer.REFUSE)
                    .failures(FailurePolicy.CRASH) // a callback that throws crashes the app
                    .apply();
            Coro4jAndroid.warmUp(); // loads the classes of Coro4j in the background
        }
    }

    static String shownBy(PageActivity activity) {
        return activity.text.getText().toString();
    }

    static void runMainUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            shadowOf(Looper.getMainLooper()).idle();
            Thread.yield();
        }
    }
}
