package com.example.headlines;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertTrue;

import android.app.Application;
import android.content.res.Configuration;
import android.view.View;
import android.widget.ProgressBar;
import android.widget.TextView;
import androidx.lifecycle.ViewModelProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Rule;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;

/** The activity of the sample, as a test opens, touches and reads it. */
@RunWith(RobolectricTestRunner.class)
@Config(application = Application.class, instrumentedPackages = AppRule.SANDBOX)
public abstract class HeadlinesScreen {
    static final int COUNT = 10;
    static final int AT_ONCE = 5;

    @Rule public final AppRule app = new AppRule();

    private final List<Source> original = Sources.all();
    private final List<ActivityController<HeadlinesActivity>> opened = new ArrayList<>();

    @After
    public void leaveAll() {
        opened.forEach(ActivityController::close);
        Sources.replace(original);
    }

    ActivityController<HeadlinesActivity> open() {
        ActivityController<HeadlinesActivity> controller =
                Robolectric.buildActivity(HeadlinesActivity.class).setup();
        opened.add(controller);
        return controller;
    }

    /** Does what the back button does. */
    static void leave(ActivityController<HeadlinesActivity> controller) {
        controller.get().finish();
        controller.pause().stop().destroy();
    }

    static HeadlinesActivity rotate(ActivityController<HeadlinesActivity> controller) {
        HeadlinesActivity before = controller.get();
        Configuration rotated =
                new Configuration(
                        RuntimeEnvironment.getApplication().getResources().getConfiguration());
        rotated.orientation = Configuration.ORIENTATION_LANDSCAPE;
        controller.configurationChange(rotated);
        assertNotSame(before, controller.get());
        return controller.get();
    }

    static HeadlinesViewModel model(HeadlinesActivity activity) {
        return new ViewModelProvider(activity).get(HeadlinesViewModel.class);
    }

    static View button(HeadlinesActivity activity) {
        return activity.findViewById(android.R.id.button1);
    }

    static void click(HeadlinesActivity activity) {
        assertTrue(button(activity).performClick());
    }

    static ProgressBar bar(HeadlinesActivity activity) {
        return activity.findViewById(android.R.id.progress);
    }

    static String text(HeadlinesActivity activity) {
        TextView text = activity.findViewById(android.R.id.text1);
        return text.getText().toString();
    }

    static void assertNothingShown(HeadlinesActivity activity) {
        assertEquals("", text(activity));
        assertEquals(0, bar(activity).getProgress());
        assertFalse(button(activity).isEnabled());
    }

    static List<TestSource> waiting() {
        List<TestSource> sources = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            sources.add(TestSource.waiting("source-" + i));
        }
        return sources;
    }

    static List<TestSource> answering() {
        List<TestSource> sources = waiting();
        openGates(sources);
        return sources;
    }

    static List<TestSource> use(List<TestSource> sources) {
        Sources.replace(List.copyOf(sources));
        return sources;
    }

    static void openGates(List<TestSource> sources) {
        sources.forEach(TestSource::open);
    }

    static String allNews() {
        return waiting().stream()
                .map(source -> source.name() + ": news of " + source.name() + "\n")
                .collect(Collectors.joining());
    }

    static int asked(List<TestSource> sources) {
        return sources.stream().mapToInt(source -> source.asked.get()).sum();
    }

    static int interrupted(List<TestSource> sources) {
        return sources.stream().mapToInt(source -> source.interrupted.get()).sum();
    }

    static void assertAskedEach(int times, List<TestSource> sources) {
        for (TestSource source : sources) {
            assertEquals(source.name(), times, source.asked.get());
        }
    }
}
