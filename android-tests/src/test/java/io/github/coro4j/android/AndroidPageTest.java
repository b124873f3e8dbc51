package io.github.coro4j.android;

import static io.github.coro4j.android.AndroidPageCode.runMainUntil;
import static io.github.coro4j.android.AndroidPageCode.shownBy;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import androidx.lifecycle.ViewModelProvider;
import androidx.work.testing.TestListenableWorkerBuilder;
import com.google.android.gms.tasks.Tasks;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.android.AndroidPageCode.OtherActivity;
import io.github.coro4j.android.AndroidPageCode.PageActivity;
import io.github.coro4j.android.AndroidPageCode.PageModel;
import io.github.coro4j.android.AndroidPageCode.PagesModel;
import io.github.coro4j.android.AndroidPageCode.SyncWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;

/** Runs the code of docs/guide/android.md, which is in {@link AndroidPageCode}. */
@RunWith(RobolectricTestRunner.class)
public class AndroidPageTest {
    private static final Path PAGE = Path.of("..", "docs", "guide", "android.md");
    private static final Path CODE =
            Path.of("src/test/java/io/github/coro4j/android/AndroidPageCode.java");

    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    @Test
    public void theCodeOfThePageIsHere() throws IOException {
        String code = squeezed(Files.readString(CODE));
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

    @Test
    public void theScreenShowsThePage() {
        try (ActivityController<PageActivity> controller =
                Robolectric.buildActivity(PageActivity.class)) {
            PageActivity activity = controller.setup().get();
            MainLooper.idleUntil(() -> !shownBy(activity).isEmpty());
            assertEquals("page start", shownBy(activity));
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
