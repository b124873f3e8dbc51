package com.example.headlines;

import static com.example.headlines.AppRule.awaitNoTasks;
import static com.example.headlines.AppRule.runMain;
import static com.example.headlines.AppRule.runMainUntil;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.os.Looper;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.junit.Test;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadows.ShadowLooper;

/** Drives the activity of the sample as a user does. The application is a plain one: see {@link HeadlinesApplicationTest}. */
public class HeadlinesAppTest extends HeadlinesScreen {
    @Test
    public void aClickShowsALineForEachSource() {
        List<TestSource> sources = use(answering());
        HeadlinesActivity activity = open().get();
        assertEquals("", text(activity));
        click(activity);
        assertFalse(button(activity).isEnabled());

        runMainUntil(() -> !text(activity).isEmpty());
        assertEquals(allNews(), text(activity));
        assertEquals(COUNT, bar(activity).getProgress());
        assertTrue(button(activity).isEnabled());
        assertAskedEach(1, sources);
    }

    @Test
    public void noMoreThanFiveSourcesAreAskedAtOnce() {
        List<TestSource> sources = use(waiting());
        HeadlinesActivity activity = open().get();
        click(activity);
        runMainUntil(() -> asked(sources) == AT_ONCE);

        openGates(sources.subList(0, AT_ONCE));
        runMainUntil(() -> bar(activity).getProgress() == AT_ONCE);
        assertEquals("", text(activity));
        runMainUntil(() -> asked(sources) == COUNT);

        openGates(sources);
        runMainUntil(() -> !text(activity).isEmpty());
        assertEquals(COUNT, bar(activity).getProgress());
        assertAskedEach(1, sources);
    }

    @Test
    public void aSecondClickLoadsAnew() {
        List<TestSource> sources = use(answering());
        HeadlinesActivity activity = open().get();
        click(activity);
        runMainUntil(() -> button(activity).isEnabled());
        click(activity);
        runMainUntil(() -> button(activity).isEnabled());
        assertAskedEach(2, sources);
    }

    @Test
    public void aRotationWhileLoadingKeepsTheWork() {
        List<TestSource> sources = use(waiting());
        ActivityController<HeadlinesActivity> controller = open();
        HeadlinesActivity first = controller.get();
        click(first);
        runMainUntil(() -> asked(sources) == AT_ONCE);

        HeadlinesActivity second = rotate(controller);
        assertTrue(first.isDestroyed());
        assertFalse(button(second).isEnabled());
        openGates(sources);
        runMainUntil(() -> !text(second).isEmpty());
        assertEquals(allNews(), text(second));
        assertEquals(COUNT, bar(second).getProgress());
        assertTrue(button(second).isEnabled());
        assertAskedEach(1, sources);
        assertNothingShown(first);
    }

    @Test
    public void theBarGoesOnAfterARotation() {
        List<TestSource> sources = use(waiting());
        ActivityController<HeadlinesActivity> controller = open();
        click(controller.get());
        runMainUntil(() -> asked(sources) == AT_ONCE);

        HeadlinesActivity second = rotate(controller);
        openGates(sources.subList(0, AT_ONCE));
        runMainUntil(() -> asked(sources) == COUNT);
        runMainUntil(() -> bar(second).getProgress() == AT_ONCE);
    }

    @Test
    public void theOldActivityIsCollectedWhileTheWorkGoesOn() {
        List<TestSource> sources = use(waiting());
        ActivityController<HeadlinesActivity> controller = open();
        click(controller.get());
        runMainUntil(() -> asked(sources) == AT_ONCE);
        WeakReference<HeadlinesActivity> first = new WeakReference<>(controller.get());

        HeadlinesActivity second = rotate(controller);
        runMainUntil(
                () -> {
                    System.gc();
                    return first.get() == null;
                });
        assertEquals(AT_ONCE, asked(sources));
        openGates(sources);
        runMainUntil(() -> !text(second).isEmpty());
    }

    @Test
    public void aRotationAfterLoadingShowsTheResultAgain() {
        List<TestSource> sources = use(answering());
        ActivityController<HeadlinesActivity> controller = open();
        HeadlinesActivity first = controller.get();
        click(first);
        runMainUntil(() -> !text(first).isEmpty());

        HeadlinesActivity second = rotate(controller);
        runMainUntil(() -> !text(second).isEmpty());
        assertEquals(allNews(), text(second));
        assertAskedEach(1, sources);
    }

    @Test
    public void leavingWhileLoadingInterruptsTheBodies() {
        List<TestSource> sources = use(waiting());
        ActivityController<HeadlinesActivity> controller = open();
        HeadlinesActivity activity = controller.get();
        click(activity);
        runMainUntil(() -> asked(sources) == AT_ONCE);

        leave(controller);
        awaitNoTasks();
        assertEquals(AT_ONCE, interrupted(sources));
        assertEquals(AT_ONCE, asked(sources));
        assertNothingShown(activity);
    }

    /** The callback is in the queue of the looper when the activity is destroyed. */
    @Test
    public void leavingBeforeTheResultArrivesShowsNothing() {
        use(answering());
        ActivityController<HeadlinesActivity> controller = open();
        HeadlinesActivity activity = controller.get();
        click(activity);
        // The looper runs one message at a time, until one of them ends the future.
        HeadlinesViewModel model = model(activity);
        ShadowLooper main = shadowOf(Looper.getMainLooper());
        AppRule.spinUntil(
                () -> {
                    if (!main.isIdle()) {
                        main.runOneTask();
                    }
                    return model.headlines().isDone();
                });
        assertEquals("", text(activity));
        assertFalse(main.isIdle());

        leave(controller);
        awaitNoTasks();
        assertEquals("", text(activity));
        assertFalse(button(activity).isEnabled());
    }

    @Test
    public void leavingAndComingBackLoadsAnew() {
        List<TestSource> sources = use(waiting());
        ActivityController<HeadlinesActivity> left = open();
        click(left.get());
        runMainUntil(() -> asked(sources) == AT_ONCE);
        leave(left);
        awaitNoTasks();

        List<TestSource> later = use(answering());
        HeadlinesActivity activity = open().get();
        runMain();
        assertEquals("", text(activity));
        assertTrue(button(activity).isEnabled());
        click(activity);
        runMainUntil(() -> !text(activity).isEmpty());
        assertEquals(allNews(), text(activity));
        assertAskedEach(1, later);
    }

    @Test
    public void theResultWaitsWhileTheAppIsInTheBackground() {
        List<TestSource> sources = use(waiting());
        ActivityController<HeadlinesActivity> controller = open();
        HeadlinesActivity activity = controller.get();
        click(activity);
        controller.pause().stop();
        openGates(sources);
        HeadlinesViewModel model = model(activity);
        runMainUntil(() -> model.headlines().isDone());
        runMain();
        assertNothingShown(activity);

        controller.start();
        runMainUntil(() -> !text(activity).isEmpty());
        assertEquals(allNews(), text(activity));
    }

    @Test
    public void aFailureOfASourceIsALine() {
        List<TestSource> sources = answering();
        sources.set(3, TestSource.unreachable("source-3"));
        sources.set(7, TestSource.faulty("source-7"));
        use(sources);
        HeadlinesActivity activity = open().get();
        click(activity);

        runMainUntil(() -> !text(activity).isEmpty());
        assertEquals(
                allNews()
                        .replace("news of source-3", "failed, no answer from source-3")
                        .replace("news of source-7", "failed, a fault in source-7"),
                text(activity));
        assertEquals(COUNT, bar(activity).getProgress());
    }

    @Test
    public void aSlowSourceIsALine() {
        List<TestSource> sources = use(waiting());
        HeadlinesActivity activity = open().get();
        model(activity).timeout = Duration.ofMillis(1);
        click(activity);

        runMainUntil(() -> !text(activity).isEmpty());
        assertEquals(allNews().replaceAll("news of source-\\d", "too late"), text(activity));
        runMainUntil(() -> interrupted(sources) == asked(sources));
        assertTrue(asked(sources) <= AT_ONCE);
    }

    @Test
    public void leavingWithoutAClickDoesNothing() {
        List<TestSource> sources = use(answering());
        ActivityController<HeadlinesActivity> controller = open();
        assertNull(model(controller.get()).headlines());
        leave(controller);
        awaitNoTasks();
        assertEquals(0, asked(sources));
    }
}
