package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.os.Looper;
import androidx.lifecycle.Lifecycle;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** The progress of a group on the main thread. */
@RunWith(RobolectricTestRunner.class)
public class OnProgressTest {
    private final TestOwner owner = TestOwner.resumed();
    private final List<Long> seen = new ArrayList<>();

    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    private void show(GatherProgress progress) {
        assertEquals(Looper.getMainLooper().getThread(), Thread.currentThread());
        seen.add(progress.done());
    }

    private static Gather<Integer> thousand(TaskScope scope) {
        return scope.gather(IntStream.range(0, 1_000).boxed().toList(), item -> item);
    }

    @Test
    public void theLatestProgressArrives_theLastOneToo() {
        TaskScope scope = LifecycleScopes.open(owner, "page");
        Future<List<Integer>> all =
                LifecycleScopes.onProgress(owner, thousand(scope), this::show).all();
        MainLooper.idleUntil(() -> seen.contains(1_000L));
        MainLooper.idleUntil(all::isDone);
        assertEquals("in order", seen.stream().sorted().distinct().toList(), seen);
        owner.destroy();
        assertEquals("no observer is left", 0, owner.registry.getObserverCount());
    }

    /** A scope with another callback executor calls the listener faster than the main thread shows it. */
    @Test
    public void aSlowMainThreadMissesSteps() {
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            Future<List<Integer>> all =
                    LifecycleScopes.onProgress(owner, thousand(scope), this::show).all();
            while (!all.isDone()) Thread.onSpinWait();
            MainLooper.idleUntil(() -> seen.contains(1_000L));
            assertEquals("one message for all of them", List.of(1_000L), seen);
        }
    }

    @Test
    public void aDestroyedOwnerGetsNoProgress() {
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            Gather<Integer> gather = LifecycleScopes.onProgress(owner, thousand(scope), this::show);
            owner.destroy();
            Future<List<Integer>> all = gather.all();
            MainLooper.idleUntil(all::isDone);
            Future<List<Integer>> late =
                    LifecycleScopes.onProgress(owner, thousand(scope), this::show).all();
            MainLooper.idleUntil(late::isDone);
            assertEquals(List.of(), seen);
        }
    }

    @Test
    public void aStoppedOwnerGetsTheLatestWhenItStarts() {
        owner.moveTo(Lifecycle.State.CREATED);
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            Future<List<Integer>> all =
                    LifecycleScopes.onProgress(owner, thousand(scope), this::show).all();
            MainLooper.idleUntil(all::isDone);
            assertEquals(List.of(), seen);
            owner.moveTo(Lifecycle.State.STARTED);
            MainLooper.idleUntil(() -> !seen.isEmpty());
            assertEquals(List.of(1_000L), seen);
        }
        assertEquals("no observer is left", 0, owner.registry.getObserverCount());
    }

    /** A view model keeps the progress, and the activity after a rotation gets what there is. */
    @Test
    public void aLaterOwnerGetsTheLatestProgress() {
        LatestProgress progress = new LatestProgress();
        assertNull(progress.get());
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            Promise<Integer> last = Promise.create();
            LifecycleScopes.onProgress(owner, progress, this::show);
            Future<List<Integer>> all =
                    scope.gatherAsync(
                                    List.of(1, 2, 3),
                                    item -> item < 3 ? Future.completed(item) : last)
                            .onProgress(progress)
                            .all();
            MainLooper.idleUntil(() -> seen.contains(2L));
            owner.destroy();
            seen.clear();

            TestOwner second = TestOwner.resumed();
            LifecycleScopes.onProgress(second, progress, this::show);
            MainLooper.idleUntil(() -> !seen.isEmpty());
            assertEquals(List.of(2L), seen);
            last.complete(3);
            MainLooper.idleUntil(() -> seen.contains(3L));
            MainLooper.idleUntil(all::isDone);
            assertEquals(List.of(2L, 3L), seen);
            assertEquals(3, progress.get().done());
            second.destroy();
            assertEquals("no observer is left", 0, second.registry.getObserverCount());
        }
    }

    @Test
    public void aLaterGatherOfTheSameProgressIsShown() {
        LatestProgress progress = new LatestProgress();
        LifecycleScopes.onProgress(owner, progress, this::show);
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            for (int load = 1; load <= 3; load++) {
                seen.clear();
                Future<List<Integer>> all =
                        scope.gather(List.of(1, 2), item -> item).onProgress(progress).all();
                MainLooper.idleUntil(() -> seen.contains(2L));
                MainLooper.idleUntil(all::isDone);
            }
        }
    }

    @Test
    public void aListenerThatThrowsIsReportedAndGoesOn() {
        LatestProgress progress = new LatestProgress();
        LifecycleScopes.onProgress(
                owner,
                progress,
                p -> {
                    show(p);
                    throw new IllegalStateException("no bar");
                });
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            for (int load = 1; load <= 2; load++) {
                seen.clear();
                Future<List<Integer>> all =
                        scope.gather(List.of(1), item -> item).onProgress(progress).all();
                MainLooper.idleUntil(() -> seen.contains(1L));
                MainLooper.idleUntil(all::isDone);
            }
        }
    }

    @Test
    public void aRemovedListenerGetsNothing() {
        LatestProgress progress = new LatestProgress();
        Registration added = LifecycleScopes.onProgress(owner, progress, this::show);
        assertTrue(added.remove());
        assertFalse(added.remove());
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            Future<List<Integer>> all = thousand(scope).onProgress(progress).all();
            MainLooper.idleUntil(all::isDone);
        }
        assertEquals(List.of(), seen);
        assertEquals(0, owner.registry.getObserverCount());
    }

    @Test
    public void badArgumentsAreRefusedAtOnce() throws Exception {
        try (TaskScope scope = TaskScope.open("elsewhere")) {
            Gather<Integer> gather = thousand(scope);
            assertEquals(
                    "gather must not be null: the listener was not added",
                    assertThrows(
                                    NullPointerException.class,
                                    () ->
                                            LifecycleScopes.onProgress(
                                                    owner, (Gather<Integer>) null, this::show))
                            .getMessage());
            assertThrows(
                    NullPointerException.class,
                    () -> LifecycleScopes.onProgress(owner, gather, null));
            assertEquals(
                    "progress must not be null: the listener was not added",
                    assertThrows(
                                    NullPointerException.class,
                                    () ->
                                            LifecycleScopes.onProgress(
                                                    owner, (LatestProgress) null, this::show))
                            .getMessage());
            Object refused =
                    MainLooper.elsewhere(
                            () -> LifecycleScopes.onProgress(owner, gather, this::show));
            assertTrue(refused instanceof IllegalStateException);
        }
    }
}
