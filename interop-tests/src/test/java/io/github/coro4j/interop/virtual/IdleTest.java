package io.github.coro4j.interop.virtual;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Time moves only while every body is idle, and not before. */
@Coro4jTest
class IdleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final List<String> trail = Collections.synchronizedList(new ArrayList<>());

    private void note(TestScope scope, String what) {
        trail.add(scope.currentTime().toMillis() + " " + what);
    }

    private static void sleep(long millis) {
        Task.sleep(Duration.ofMillis(millis)).join();
    }

    @Test
    void bodiesOfOneMomentRunOneTimerAtATime(TestScope scope) {
        for (String name : List.of("a", "b", "c", "d")) {
            // Each is started, and asleep, before the next.
            scope.launch(
                    name,
                    () -> {
                        sleep(10);
                        note(scope, name);
                        sleep(10);
                        note(scope, name);
                    });
            scope.runCurrent();
        }
        scope.advanceUntilIdle();
        assertEquals(
                List.of("10 a", "10 b", "10 c", "10 d", "20 a", "20 b", "20 c", "20 d"), trail);
    }

    @Test
    void aChainOfBodiesRunsToItsEndBeforeTheTimeMoves(TestScope scope) {
        Promise<Integer> first = Promise.create();
        Future<Integer> last = first;
        for (int each = 0; each < 100; each++) {
            Future<Integer> before = last;
            last = scope.start(() -> before.join() + 1);
        }
        Future<Integer> end = last.map(value -> value + 1);
        scope.launch(
                () -> {
                    sleep(10);
                    first.complete(0);
                });
        scope.launch(
                () -> {
                    sleep(11);
                    note(scope, "" + end.isDone());
                });
        scope.advanceUntilIdle();
        assertEquals(List.of("11 true"), trail);
        assertSucceeded(end, 101);
    }

    @Test
    void aCallbackHasRunBeforeTheTimeMoves(TestScope scope) {
        Promise<String> promise = Promise.create();
        promise.addDoneCallback(
                done -> {
                    sleep(5); // on a thread without a task, in the global scope
                    trail.add("callback");
                });
        Task<Void> task = scope.launch(() -> sleep(10));
        task.onSuccess(
                value -> {
                    note(scope, "called");
                    promise.complete("");
                });
        scope.launch(
                () -> {
                    sleep(11);
                    note(scope, "later");
                });
        scope.advanceUntilIdle();
        assertEquals(List.of("10 called", "11 later", "callback"), trail);
    }

    @Test
    void permitsAndLimits(TestScope scope) {
        ConcurrencyLimit limit = ConcurrencyLimit.of(2);
        Future<List<Integer>> all =
                scope.gather(
                                List.of(1, 2, 3, 4, 5, 6),
                                item -> {
                                    sleep(10);
                                    note(scope, "" + item);
                                    return item;
                                })
                        .concurrency(limit)
                        .all();
        scope.advanceUntilIdle();
        assertSucceeded(all, List.of(1, 2, 3, 4, 5, 6));
        assertEquals(Duration.ofMillis(30), scope.currentTime());
    }

    @Test
    void asynchronousWork(TestScope scope) {
        Future<List<Void>> all =
                scope.gatherAsync(
                                List.of(10, 20, 30),
                                millis -> Task.sleep(Duration.ofMillis(millis)))
                        .concurrency(1)
                        .all();
        scope.advanceBy(Duration.ofMillis(59));
        assertTrue(!all.isDone());
        scope.advanceBy(Duration.ofMillis(1));
        assertTrue(all.isDone());
    }

    @Test
    void anExecutorOfTheUser(TestScope scope) {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (TaskScope inner =
                scope.runInside(() -> TaskScope.builder().name("one").executor(one).open())) {
            for (int each = 0; each < 3; each++) {
                String name = "" + each;
                inner.launch(
                        () -> {
                            note(scope, name);
                            sleep(10);
                        });
            }
            scope.advanceUntilIdle();
        } finally {
            one.shutdown();
        }
        assertEquals(3, trail.size(), trail.toString());
    }

    @Test
    void aCancelHookThatWaits(TestScope scope) {
        Task<Void> task =
                scope.launch(
                        "query",
                        () -> {
                            Registration hook = Task.onCancel(() -> sleep(5));
                            try {
                                Promise.create().join();
                            } finally {
                                hook.close(); // waits for the hook
                                Task.nonCancellable(
                                        () -> {
                                            sleep(10);
                                            note(scope, "closed");
                                            return null;
                                        });
                            }
                        });
        scope.runCurrent();
        task.cancel("enough");
        scope.advanceUntilIdle();
        assertEquals(List.of("15 closed"), trail);
        assertTrue(task.isCancelled());
    }

    @Test
    void aBodyThatWaitsForSomethingElseIsNamed() {
        Gate gate = new Gate();
        try (TestScope scope = TestScope.builder().guard(Duration.ofMillis(50)).open()) {
            Task<Void> load = scope.launch("load", gate::pass);
            AssertionError error =
                    assertThrows(AssertionError.class, () -> scope.advanceBy(SECOND));
            String text = error.getMessage();
            assertTrue(
                    text.startsWith(
                            "scope \"test\" is not idle after 50 ms of real time, so the time cannot advance.\n"
                                    + "task \"load\" runs on thread "),
                    text);
            assertTrue(text.contains("at " + Gate.class.getName() + ".pass"), text);
            assertTrue(text.contains("Task.sleep(..).join() in place of Thread.sleep"), text);
            assertTrue(text.contains("scope.ignore(task)"), text);
            assertTrue(text.contains("scope \"test\" (open, age 0 s, 1 task: 1 running)"), text);
            assertEquals(Duration.ZERO, scope.currentTime());

            scope.ignore(load);
            scope.advanceBy(SECOND);
            assertEquals(SECOND, scope.currentTime());
            gate.open();
        }
    }

    @Test
    void anIgnoredBodyThatIsCancelledHasStopped(TestScope scope) {
        Gate gate = new Gate();
        Task<Void> load = scope.launch("load", gate::pass);
        scope.ignore(load);
        Future<Void> limited = load.orTimeout(SECOND);
        scope.advanceBy(SECOND);
        assertTimedOut(limited);
        assertCancelled(load, "timed out after 1 s");
    }

    @Test
    void aWaitOfTheTestThreadLetsBodiesRun(TestScope scope) {
        Promise<Integer> promise = Promise.create();
        Task<Integer> task = scope.start(() -> promise.join() + 1);
        scope.launch(() -> promise.complete(1));
        assertEquals(2, task.join());
        assertEquals(Duration.ZERO, scope.currentTime());
    }

    @Test
    void aWaitOfTheTestThreadThatNeedsTimeIsRefused() {
        try (TestScope scope = TestScope.builder().guard(Duration.ofMillis(50)).open()) {
            Task<Void> nap = scope.launch("nap", () -> sleep(10));
            IllegalStateException error =
                    assertThrows(
                            IllegalStateException.class, () -> scope.runInside(() -> nap.join()));
            assertEquals(
                    "the wait for task \"nap\" has not ended within 50 ms, because the time of scope \"test\" stands "
                            + "still at PT0S. The next timer is that of sleep \"sleep-1\", due at PT0.01S. "
                            + "Call advanceBy or advanceUntilIdle before the wait, or start the code that waits "
                            + "as a task, and close a scope with closeAsync",
                    error.getMessage());
            scope.advanceUntilIdle();
            assertSucceeded(nap, null);
        }
    }
}
