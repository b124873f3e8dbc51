package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.os.Process;
import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** The settings, and what holds without any. */
@RunWith(RobolectricTestRunner.class)
public class Coro4jAndroidTest {
    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    /** Robolectric forgets thread priorities after each test, so this test starts more bodies than there are idle threads. */
    @Test
    public void newThreadsForBodiesHaveTheBackgroundPriority() {
        CountDownLatch all = new CountDownLatch(100);
        Set<Integer> priorities = ConcurrentHashMap.newKeySet();
        for (int body = 0; body < 100; body++) {
            TaskScope.global()
                    .launch(
                            () -> {
                                priorities.add(Process.getThreadPriority(Process.myTid()));
                                all.countDown();
                                all.await();
                            });
        }
        MainLooper.idleUntil(() -> all.getCount() == 0);
        assertTrue(priorities.toString(), priorities.contains(Process.THREAD_PRIORITY_BACKGROUND));
    }

    @Test
    public void timersKeepTheirPriority() {
        AtomicReference<Integer> priority = new AtomicReference<>();
        Thread timer =
                new Thread(
                        () -> {
                            new BackgroundPriority().onStart(Thread.currentThread());
                            priority.set(Process.getThreadPriority(Process.myTid()));
                        });
        timer.start();
        MainLooper.idleUntil(() -> priority.get() != null);
        assertEquals(Process.THREAD_PRIORITY_DEFAULT, (int) priority.get());
    }

    @Test
    public void settingsAfterTheFirstUseAreRefused() {
        TaskScope.global();
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> Coro4jAndroid.settings().apply());
        assertTrue(
                refused.getMessage(),
                refused.getMessage()
                        .startsWith(
                                "The settings were not applied, because the engine has started"));
    }

    @Test
    public void badSettingsAreRefusedAtOnce() {
        Coro4jAndroid.Settings settings = Coro4jAndroid.settings();
        assertThrows(NullPointerException.class, () -> settings.onMainThread(null));
        assertThrows(NullPointerException.class, () -> settings.failures(null));
        assertThrows(IllegalArgumentException.class, () -> settings.poolThreads(0));
        assertThrows(IllegalArgumentException.class, () -> settings.idleTime(Duration.ZERO));
        assertEquals(
                "priority must be from -20 to 19, but is 20: give a constant of android.os.Process",
                assertThrows(IllegalArgumentException.class, () -> settings.priority(20))
                        .getMessage());
    }

    @Test
    public void theWarmUpReturnsAtOnceAndLeavesNothing() {
        Coro4jAndroid.warmUp();
        Coro4jAndroid.warmUp();
    }

    @Test
    public void aFailureCrashesTheMainThreadIfTheApplicationWantsIt() {
        IllegalArgumentException broken = new IllegalArgumentException("broken");
        FailureReport report =
                new FailureReport(FailureReport.Kind.CALLBACK_FAILED, "task", "load", broken);
        FailurePolicy.CRASH.onFailure(report);
        RuntimeException crash = assertThrows(RuntimeException.class, MainLooper::idle);
        Throwable original = crash;
        while (original.getCause() != null) {
            original = original.getCause();
        }
        assertSame(broken, original);
        FailurePolicy.LOG.onFailure(report);
        MainLooper.idle();
    }
}
