package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
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
import androidx.lifecycle.ViewModelProvider;
import androidx.work.WorkerParameters;
import androidx.work.testing.TestListenableWorkerBuilder;
import com.google.android.gms.tasks.Task;
import com.google.android.gms.tasks.Tasks;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.BlockingGuard;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;

/** Runs the code of docs/guide/android.md, which is in this file. */
@RunWith(RobolectricTestRunner.class)
public class AndroidPageTest {
    private static final Path PAGE = Path.of("..", "docs", "guide", "android.md");
    private static final Path SELF =
            Path.of("src/test/java/io/github/coro4j/android/AndroidPageTest.java");

    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    @Test
    public void theCodeOfThePageIsHere() throws IOException {
        String code = squeezed(Files.readString(SELF));
        Matcher snippet = Pattern.compile("(?s)```java\n(.*?)```").matcher(Files.readString(PAGE));
        int snippets = 0;
        while (snippet.find()) {
            if (!snippet.group(1).startsWith("// Before")) {
                assertTrue(snippet.group(1), code.contains(squeezed(snippet.group(1))));
                snippets++;
            }
        }
        assertTrue("only " + snippets, snippets >= 8);
    }

    /** Returns code without what a formatter may change, and without the names by which this file tells classes apart. */
    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "")
                .replace("publicstaticfinalclass", "publicfinalclass")
                .replace("io.github.coro4j.Task<", "Task<");
    }

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

    @Test
    public void theScreenShowsThePage() {
        try (ActivityController<PageActivity> controller =
                Robolectric.buildActivity(PageActivity.class)) {
            PageActivity activity = controller.setup().get();
            MainLooper.idleUntil(() -> activity.text.getText().length() > 0);
            assertEquals("page start", activity.text.getText().toString());
        }
    }

    @Test
    public void theOtherSnippetsDoWhatThePageSays() {
        try (ActivityController<OtherActivity> controller =
                Robolectric.buildActivity(OtherActivity.class)) {
            OtherActivity activity = controller.setup().get();
            activity.attach(new ViewModelProvider(activity).get(PageModel.class));
            MainLooper.idleUntil(() -> activity.text.getText().length() > 0);
            activity.text.setText("");
            activity.loadInTime();
            MainLooper.idleUntil(() -> activity.text.getText().length() > 0);
            PagesModel pages = new ViewModelProvider(activity).get(PagesModel.class);
            MainLooper.idleUntil(pages.pages()::isDone);
            activity.follow(pages);
            MainLooper.idleUntil(() -> activity.bar.getProgress() == 2);
            activity.bar.setProgress(0);
            activity.loadAll(List.of("a", "broken"));
            MainLooper.idleUntil(() -> activity.shown.size() == 1);
            MainLooper.idleUntil(() -> activity.bar.getProgress() == 2);
            activity.locate(() -> Tasks.forResult(null));
            MainLooper.idleUntil(() -> activity.shown.size() == 2);
            assertEquals(
                    List.of(
                            "[Success[value=page a], Failure[exception=java.io.IOException: no connection]]",
                            "null"),
                    activity.shown);
        }
    }

    @Test
    public void eachPageAndTheLastSearchAreShown() {
        try (ActivityController<OtherActivity> controller =
                Robolectric.buildActivity(OtherActivity.class)) {
            OtherActivity activity = controller.setup().get();
            activity.loadEach(List.of("a", "broken"));
            runMainUntil(() -> activity.shown.contains("all done"));
            runMainUntil(() -> activity.shown.size() == 3);
            assertTrue(activity.shown.containsAll(List.of("page a", "broken: failed")));
            activity.shown.clear();
            for (int key = 0; key < 100; key++) {
                activity.search("key " + key);
                if (key % 3 == 0) Thread.yield();
            }
            runMainUntil(() -> activity.shown.contains("page key 99"));
            assertEquals(List.of("page key 99"), activity.shown);
            activity.showBoth(Future.failed(new IOException("broken")));
            runMainUntil(() -> activity.text.getText().toString().equals("no connection"));
        }
    }

    static void runMainUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            shadowOf(Looper.getMainLooper()).idle();
            Thread.yield();
        }
    }

    @Test
    public void theWorkerSucceeds() throws Exception {
        SyncWorker worker =
                TestListenableWorkerBuilder.from(
                                RuntimeEnvironment.getApplication(), SyncWorker.class)
                        .build();
        ListenableFuture<?> work = worker.startWork();
        MainLooper.idleUntil(work::isDone);
        assertEquals(androidx.work.ListenableWorker.Result.success(), work.get());
    }
}
