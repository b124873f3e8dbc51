package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.os.Looper;
import androidx.lifecycle.Lifecycle;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** A callback of an owner runs on the main thread, and never after the destruction. */
@RunWith(RobolectricTestRunner.class)
public class OnDoneTest {
    private final TestOwner owner = TestOwner.resumed();
    private final List<Object> seen = new ArrayList<>();

    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    private void add(Outcome<?> end) {
        assertEquals(Looper.getMainLooper().getThread(), Thread.currentThread());
        seen.add(end);
    }

    @Test
    public void everyKindOfEndArrives() {
        IOException broken = new IOException("broken");
        LifecycleScopes.onDone(owner, Future.completed("text"), this::add);
        LifecycleScopes.onDone(owner, Future.failed(broken), this::add);
        LifecycleScopes.onDone(owner, Future.cancelled("left"), this::add);
        assertEquals("nothing runs inside the call", List.of(), seen);
        MainLooper.idle();
        MainLooper.idleUntil(() -> seen.size() == 3);
        assertTrue(seen.contains(new Outcome.Success<>("text")));
        assertTrue(seen.contains(new Outcome.Failure<>(broken)));
    }

    @Test
    public void aValueAndAFailureHaveACallbackEach() {
        IOException broken = new IOException("broken");
        List<Future<String>> ends =
                List.of(Future.completed("text"), Future.failed(broken), Future.cancelled("left"));
        for (Future<String> each : ends) {
            LifecycleScopes.onDone(owner, each, seen::add, e -> seen.add(e));
        }
        MainLooper.idleUntil(() -> seen.size() == 2);
        MainLooper.idle();
        assertTrue(seen.contains("text") && seen.contains(broken) && seen.size() == 2);
        Future<String> done = ends.get(0);
        assertThrows(
                NullPointerException.class,
                () -> LifecycleScopes.onDone(owner, done, null, e -> seen.add(e)));
        assertThrows(
                NullPointerException.class,
                () -> LifecycleScopes.onDone(owner, done, seen::add, null));
    }

    @Test
    public void aDestroyedOwnerGetsNothing() {
        Promise<String> page = Promise.create();
        Registration added = LifecycleScopes.onDone(owner, page, this::add);
        owner.destroy();
        page.complete("late");
        MainLooper.idleUntil(page::isDone);
        assertEquals(List.of(), seen);
        assertFalse(added.remove());

        Registration late = LifecycleScopes.onDone(owner, page, this::add);
        MainLooper.idle();
        assertEquals(List.of(), seen);
        assertFalse(late.remove());
    }

    /** The end is posted and not delivered when the owner is destroyed. */
    @Test
    public void whatIsOnItsWayIsDropped() throws Exception {
        Promise<String> page = Promise.create();
        LifecycleScopes.onDone(owner, page, this::add);
        CountDownLatch posted = new CountDownLatch(1);
        page.addDoneCallback(done -> posted.countDown(), Runnable::run);
        page.complete("text");
        posted.await();
        owner.destroy();
        MainLooper.idle();
        assertEquals(List.of(), seen);
    }

    @Test
    public void noCallbackComesAfterTheDestruction_inAThousandRaces() {
        AtomicInteger after = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        for (int race = 0; race < 1_000; race++) {
            TestOwner each = TestOwner.resumed();
            AtomicBoolean destroyed = new AtomicBoolean();
            TaskScope scope = LifecycleScopes.open(each, "race");
            for (int task = 0; task < 4; task++) {
                LifecycleScopes.onDone(
                        each,
                        scope.start(() -> "done"),
                        end -> (destroyed.get() ? after : before).incrementAndGet());
            }
            for (int turn = 0; turn < race % 4; turn++) {
                MainLooper.idle();
                Thread.yield();
            }
            each.destroy();
            destroyed.set(true);
            MainLooper.idle();
        }
        MainLooper.idleUntilNothingRuns();
        assertEquals(0, after.get());
        assertTrue("some tasks ended before the destruction", before.get() > 0);
    }

    @Test
    public void theOwnerIsCollectedWhileTheBodyRunsOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (TaskScope scope = TaskScope.open("outlives")) {
            Future<String> slow =
                    scope.start(
                            () -> {
                                begun.countDown();
                                while (true) {
                                    try {
                                        mayEnd.await();
                                        return "done";
                                    } catch (InterruptedException e) {
                                        // clean-up that nothing stops
                                    }
                                }
                            });
            begun.await();
            WeakReference<Object> screen = shown(slow);
            for (int turn = 0; screen.get() != null && turn < 200; turn++) {
                System.gc();
                MainLooper.idle();
            }
            assertNull("the screen was collected", screen.get());
            assertFalse(slow.isDone());
            mayEnd.countDown();
            MainLooper.idleUntil(slow::isDone);
        }
    }

    /** Shows something of the future on a screen that is destroyed. */
    private static WeakReference<Object> shown(Future<String> future) {
        TestOwner screen = TestOwner.resumed();
        byte[] views = new byte[1_000];
        LifecycleScopes.onDone(screen, future, end -> views[0]++);
        LifecycleScopes.onDoneWhenStarted(screen, future, end -> views[0]++);
        screen.destroy();
        return new WeakReference<>(views);
    }

    @Test
    public void anEndIsKeptUntilTheOwnerStarts() {
        Promise<String> page = Promise.create();
        owner.moveTo(Lifecycle.State.CREATED);
        LifecycleScopes.onDoneWhenStarted(owner, page, this::add);
        page.complete("text");
        for (int turn = 0; turn < 10; turn++) MainLooper.idle();
        assertEquals(List.of(), seen);
        owner.moveTo(Lifecycle.State.RESUMED);
        MainLooper.idleUntil(() -> !seen.isEmpty());
        owner.moveTo(Lifecycle.State.CREATED);
        owner.moveTo(Lifecycle.State.RESUMED);
        MainLooper.idle();
        assertEquals(List.of(new Outcome.Success<>("text")), seen);
    }

    @Test
    public void anEndThatWasKeptIsDroppedAtTheDestruction() throws Exception {
        owner.moveTo(Lifecycle.State.CREATED);
        Promise<String> page = Promise.create();
        CountDownLatch posted = new CountDownLatch(1);
        LifecycleScopes.onDoneWhenStarted(owner, page, this::add);
        page.addDoneCallback(done -> posted.countDown(), MainThread.executor());
        page.complete("text");
        MainLooper.idleUntil(() -> posted.getCount() == 0);
        owner.destroy();
        MainLooper.idle();
        assertEquals(List.of(), seen);
    }

    @Test
    public void aRemovedCallbackDoesNotRun() throws Exception {
        Promise<String> page = Promise.create();
        Registration here = LifecycleScopes.onDone(owner, page, this::add);
        Registration there = LifecycleScopes.onDone(owner, page, this::add);
        assertTrue(here.remove());
        assertFalse(here.remove());
        assertEquals(true, MainLooper.elsewhere(there::remove));
        page.complete("text");
        MainLooper.idleUntil(page::isDone);
        assertEquals(List.of(), seen);
        assertEquals("no observer is left", 0, owner.registry.getObserverCount());
    }

    @Test
    public void aCallbackThatThrowsIsReported() {
        List<FailureReport> reports = new ArrayList<>();
        try (TaskScope scope =
                TaskScope.builder()
                        .name("page")
                        .failureListener(
                                report -> {
                                    synchronized (reports) {
                                        reports.add(report);
                                    }
                                })
                        .open()) {
            IllegalStateException thrown = new IllegalStateException("no view");
            Future<String> page = scope.start("page", () -> "text");
            LifecycleScopes.onDone(
                    owner,
                    page,
                    end -> {
                        throw thrown;
                    });
            MainLooper.idleUntil(
                    () -> {
                        synchronized (reports) {
                            return !reports.isEmpty();
                        }
                    });
            assertEquals(FailureReport.Kind.CALLBACK_FAILED, reports.get(0).kind());
            assertEquals(thrown, reports.get(0).exception());
        }
    }

    @Test
    public void badArgumentsAreRefusedAtOnce() throws Exception {
        Future<String> done = Future.completed("text");
        assertEquals(
                "future must not be null: the callback was not added",
                assertThrows(
                                NullPointerException.class,
                                () -> LifecycleScopes.onDone(owner, null, this::add))
                        .getMessage());
        assertEquals(
                "callback must not be null: the callback was not added",
                assertThrows(
                                NullPointerException.class,
                                () -> LifecycleScopes.onDone(owner, done, null))
                        .getMessage());
        assertEquals(
                "owner must not be null: the callback was not added",
                assertThrows(
                                NullPointerException.class,
                                () -> LifecycleScopes.onDoneWhenStarted(null, done, this::add))
                        .getMessage());
        Object refused = MainLooper.elsewhere(() -> LifecycleScopes.onDone(owner, done, this::add));
        assertNotNull(refused);
        assertTrue(
                refused.toString(),
                refused.toString()
                        .contains("LifecycleScopes.onDone must be called on the main thread"));
        MainLooper.idle();
        assertEquals(List.of(), seen);
    }
}
