package io.github.coro4j.interop.virtual;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Hedged;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Everything that counts time in a scope counts the time of its source. */
@Coro4jTest
class TimedThingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration ALMOST = SECOND.minusNanos(1);
    private static final Duration A_NANO = Duration.ofNanos(1);

    private static <T> T never() {
        return Promise.<T>create().join();
    }

    @Test
    void sleep(TestScope scope) {
        Future<Void> sleep = Task.sleep(SECOND);
        scope.advanceBy(ALMOST);
        assertPending(sleep);
        scope.advanceBy(A_NANO);
        assertSucceeded(sleep, null);
    }

    @Test
    void orTimeout(TestScope scope) {
        Task<String> slow = scope.start("slow", TimedThingsTest::never);
        Future<String> limited = slow.orTimeout(SECOND);
        scope.advanceBy(ALMOST);
        assertPending(limited);
        scope.advanceBy(A_NANO);
        assertTimedOut(limited);
        assertCancelled(slow, "timed out after 1 s");
    }

    @Test
    void completeOnTimeout(TestScope scope) {
        Future<String> limited = Promise.<String>create().completeOnTimeout("instead", SECOND);
        scope.advanceBy(ALMOST);
        assertPending(limited);
        scope.advanceBy(A_NANO);
        assertSucceeded(limited, "instead");
    }

    @Test
    void timeoutOfAGather(TestScope scope) {
        Future<List<String>> all =
                scope.gather(List.of("a", "b"), item -> TimedThingsTest.<String>never())
                        .timeout(SECOND)
                        .all();
        scope.advanceBy(ALMOST);
        assertPending(all);
        scope.advanceBy(A_NANO);
        assertTimedOut(all);
    }

    @Test
    void hedge(TestScope scope) {
        Future<Hedged<String>> first =
                scope.hedge(
                        2, SECOND, attempt -> attempt == 0 ? TimedThingsTest.never() : "second");
        scope.advanceBy(ALMOST);
        assertPending(first);
        scope.advanceBy(A_NANO);
        assertSucceeded(first, new Hedged<>("second", 1));
    }

    @Test
    void deadlineOfAScope(TestScope scope) {
        try (TaskScope page = TaskScope.builder().name("page").deadline(SECOND).open()) {
            Task<String> slow = page.start("slow", TimedThingsTest::never);
            scope.advanceBy(ALMOST);
            assertPending(slow);
            scope.advanceBy(A_NANO);
            assertCancelled(slow, "the deadline of scope \"page\" passed after 1 s");
        }
    }

    @Test
    void waitsOfABodyWithALimit(TestScope scope) {
        Promise<String> never = Promise.create();
        Task<Boolean> gets =
                scope.start("gets", () -> isLate(() -> never.get(1, TimeUnit.SECONDS)));
        Task<Boolean> view =
                scope.start(
                        "view",
                        () -> isLate(() -> never.toCompletableFuture().get(1, TimeUnit.SECONDS)));
        scope.advanceBy(ALMOST);
        assertPending(gets);
        assertPending(view);
        scope.advanceBy(A_NANO);
        assertSucceeded(gets, true);
        assertSucceeded(view, true);
    }

    private static boolean isLate(Callable<?> wait) throws Exception {
        try {
            wait.call();
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }

    @Test
    void joinAndCloseOfABodyWithALimit(TestScope scope) {
        Task<String> closes =
                scope.start(
                        "closes",
                        () -> {
                            TaskScope page = TaskScope.open("page");
                            page.launch(
                                    "slow",
                                    () -> {
                                        try {
                                            Task.sleep(Duration.ofMinutes(1)).join();
                                        } finally {
                                            Task.nonCancellable(
                                                    () -> Task.sleep(Duration.ofSeconds(5)).join());
                                        }
                                    });
                            return page.join(SECOND) + " " + page.close(SECOND);
                        });
        scope.advanceBy(Duration.ofSeconds(2));
        assertSucceeded(closes, "false false");
        scope.advanceBy(Duration.ofSeconds(3));
        assertEquals(1, scope.timers().size(), "that of the clean-up, which began after 1 s");
        scope.advanceBy(SECOND);
        assertEquals(List.of(), scope.timers());
    }

    @Test
    void invokeAllWithALimit(TestScope scope) {
        Task<List<String>> calls =
                scope.start(
                        "calls",
                        () -> {
                            List<Callable<String>> slow =
                                    List.of(TimedThingsTest::never, () -> "b");
                            return scope
                                    .asExecutorService()
                                    .invokeAll(slow, 1, TimeUnit.SECONDS)
                                    .stream()
                                    .map(f -> f.isCancelled() ? "late" : "in time")
                                    .toList();
                        });
        scope.advanceBy(ALMOST);
        assertPending(calls);
        scope.advanceBy(A_NANO);
        assertSucceeded(calls, List.of("late", "in time"));
    }

    @Test
    void agesInDumps(TestScope scope) {
        Task<String> slow = scope.start("slow", TimedThingsTest::never);
        scope.advanceBy(Duration.ofHours(3));
        String dump = scope.dump();
        assertTrue(dump.contains("3 h"), dump);
        slow.cancel();
        scope.runCurrent();
        assertTrue(slow.isCancelled());
    }

    @Test
    void whatABodyStartsUsesTheSameTime(TestScope scope) {
        Task<Duration> outer =
                scope.start(
                        "outer",
                        () -> {
                            try (TaskScope inner = TaskScope.open("inner")) {
                                inner.start(() -> Task.sleep(SECOND).join()).join();
                            }
                            Task.start(() -> Task.sleep(SECOND).join()).join();
                            return scope.currentTime();
                        });
        scope.advanceUntilIdle();
        assertSucceeded(outer, Duration.ofSeconds(2));
    }

    @Test
    void theSourceOfAScopeWinsOverThatAround(TestScope scope) {
        try (TestScope other = TestScope.open();
                TaskScope inner =
                        scope.runInside(
                                () ->
                                        TaskScope.builder()
                                                .timeSource(new DelegatingTime(other))
                                                .open())) {
            Task<Void> sleeps = inner.start("sleeps", () -> Task.sleep(SECOND).join());
            scope.advanceBy(SECOND);
            assertPending(sleeps);
            assertFalse(sleeps.isDone());
            sleeps.cancel();
        }
    }

    @Test
    void aLimitForWorkOfAnotherScopeCountsByTheTimeOfItsCaller(TestScope scope) {
        Promise<String> fromOutside = TaskScope.global().start(Promise::<String>create).join();
        Future<String> here = fromOutside.orTimeout(SECOND);
        Task<Future<String>> inABody = scope.start(() -> fromOutside.orTimeout(SECOND));
        scope.advanceBy(ALMOST);
        assertPending(here);
        scope.advanceBy(A_NANO);
        assertTimedOut(here);
        assertCancelled(inABody.join());
    }

    @Test
    void cancelledSleepLeavesNoTimer(TestScope scope) {
        Future<Void> sleep = Task.sleep(SECOND);
        assertEquals(List.of("sleep \"sleep-1\", due at PT1S"), texts(scope));
        sleep.cancel("changed my mind");
        assertEquals(List.of(), texts(scope));
        assertCancelled(sleep, "changed my mind");
    }

    @Test
    void timersSayWhoseTheyAre(TestScope scope) {
        Task<String> slow =
                scope.start("slow", () -> Promise.<String>create().get(4, TimeUnit.SECONDS));
        Future<String> limited = slow.orTimeout(Duration.ofMillis(1500));
        Task.sleep(Duration.ofNanos(7)).cancel();
        Future<List<Void>> all =
                scope.gather(List.of(1), item -> Task.sleep(Duration.ofSeconds(3)).join())
                        .named("prices")
                        .timeout(Duration.ofSeconds(2))
                        .all();
        scope.runCurrent();
        assertEquals(
                List.of(
                        "future \"slow.orTimeout\", due at PT1.5S",
                        "gather \"prices\", due at PT2S",
                        "sleep \"sleep-2\", due at PT3S",
                        "task \"slow\", due at PT4S"),
                texts(scope));
        slow.cancel();
        all.cancel();
        scope.runCurrent();
        assertTrue(limited.isCancelled());
        assertEquals(List.of(), texts(scope));
    }

    private static List<String> texts(TestScope scope) {
        return scope.timers().stream().map(Object::toString).toList();
    }

    @Test
    void aTestThreadWithALimitWaitsByTheClockOfTheMachine(TestScope scope) throws Exception {
        Future<Void> sleep = Task.sleep(Duration.ofDays(1));
        try {
            sleep.get(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            assertEquals(Duration.ZERO, scope.currentTime());
        }
        sleep.cancel();
        assertEquals(CancellationException.class, sleep.exception().getClass().getSuperclass());
    }
}
