package io.github.coro4j.interop.virtual;

import static io.github.coro4j.test.Coro4jAssertions.assertFailed;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.TimeSource;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is wrong is refused at once, and nothing has moved or is left running. */
@Coro4jTest
class TestScopeInputTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static String messageOf(Class<? extends Throwable> type, Executable wrong) {
        return assertThrows(type, wrong).getMessage();
    }

    @Test
    void backwards(TestScope scope) {
        assertEquals(
                "duration must not be negative, but is PT-1S: the time was not advanced; time never goes back",
                messageOf(IllegalArgumentException.class, () -> scope.advanceBy(SECOND.negated())));
    }

    @Test
    void forEver(TestScope scope) {
        scope.advanceBy(SECOND);
        for (Duration long_ :
                List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofNanos(Long.MAX_VALUE))) {
            assertEquals(
                    "the time must not pass 292 years, but is PT1S, and duration is "
                            + long_
                            + ": the time was not advanced; pass a shorter duration, or call advanceUntilIdle()",
                    messageOf(IllegalArgumentException.class, () -> scope.advanceBy(long_)));
        }
        assertEquals(SECOND, scope.currentTime());
    }

    @Test
    void insideABodyOrACallback(TestScope scope) {
        Task<Void> load =
                scope.start(
                        "load",
                        () -> {
                            scope.advanceBy(SECOND);
                            return null;
                        });
        Promise<String> promise = Promise.create();
        Promise<String> found = Promise.create();
        promise.onSuccess(
                value ->
                        found.complete(
                                messageOf(IllegalStateException.class, scope::advanceUntilIdle)));
        promise.complete("");
        scope.runCurrent();
        String rest =
                ": it would wait for itself. Call it on the test thread, or wait with Task.sleep(..).join() in the body";
        assertEquals(
                "advanceBy cannot be called in task \"load\"" + rest,
                assertFailed(load, IllegalStateException.class).getMessage());
        assertSucceeded(
                found,
                "advanceUntilIdle cannot be called in a callback of "
                        + "scope \"insideABodyOrACallback(TestScope)\""
                        + rest);
    }

    @Test
    void afterTheClose() {
        TestScope scope = TestScope.open();
        scope.close();
        assertEquals(
                "scope \"test\" is closed, so its time cannot advance. Call runCurrent before close()",
                messageOf(IllegalStateException.class, scope::runCurrent));
        scope.close();
    }

    @Test
    void fromTwoThreads(TestScope scope) throws Exception {
        Gate gate = new Gate();
        scope.launch(
                "slow",
                () -> {
                    Task.sleep(SECOND).join();
                    gate.pass();
                });
        scope.runCurrent();
        PlainThread<Void> other =
                PlainThread.start(
                        "other",
                        () -> {
                            scope.advanceBy(SECOND);
                            return null;
                        });
        gate.awaitReached(); // only the other thread can have brought the body here
        assertEquals(
                "runCurrent cannot be called on thread "
                        + Thread.currentThread().getName()
                        + ": thread other is advancing the time of scope \"fromTwoThreads(TestScope)\". "
                        + "Let one thread advance it",
                messageOf(IllegalStateException.class, scope::runCurrent));
        gate.open();
        other.result();
    }

    @Test
    void aTimerThatStartsTheNextForEver(TestScope scope) {
        Task<Void> poller =
                scope.launch(
                        "poller",
                        () -> {
                            while (true) {
                                Task.sleep(SECOND).join();
                            }
                        });
        String text = messageOf(AssertionError.class, scope::advanceUntilIdle);
        assertTrue(
                text.startsWith(
                        "scope \"aTimerThatStartsTheNextForEver(TestScope)\" is not idle after 10000 timers: the last "
                                + "was one of sleep \"sleep-10000\", at PT2H46M40S. A timer that starts the next one "
                                + "never comes to an end. Call advanceBy, which stops at a time, or cancel the work.\n"),
                text);
        poller.cancel();
    }

    @Test
    void aGuardThatIsNotPositive() {
        assertEquals(
                "guard must be positive, but is PT0S: no scope was opened; the default is 5 s",
                messageOf(
                        IllegalArgumentException.class,
                        () -> TestScope.builder().guard(Duration.ZERO)));
    }

    @Test
    void aTimeSourceThatThrows(TestScope scope) {
        IllegalArgumentException broken = new IllegalArgumentException("broken");
        var source = new BrokenTime();
        try (TaskScope within = TaskScope.builder().name("within").timeSource(source).open()) {
            source.exception = broken;
            String text =
                    "the time source, a "
                            + BrokenTime.class.getName()
                            + ", failed in nanoTime(): "
                            + broken
                            + "; mend the source, whose methods must not throw";
            assertEquals(text, messageOf(IllegalStateException.class, () -> within.start(() -> 1)));
            source.tellsTime = true;
            String other = text.replace("nanoTime", "schedule");
            Task<Future<String>> starts =
                    within.start(() -> Promise.<String>create().orTimeout(SECOND));
            scope.runCurrent();
            assertEquals(other, waited(starts).getMessage());
            assertSame(broken, waited(starts).getCause());
            Task<Void> sleeps = within.start(() -> Task.sleep(SECOND).join());
            assertEquals(other, waited(sleeps).getMessage());
            source.exception = null;
            assertEquals(
                    other.replace(
                            broken.toString(),
                            "java.lang.IllegalStateException: schedule() must return a Registration"),
                    waited(within.start(() -> Task.sleep(SECOND).join())).getMessage());
        }
    }

    private static Throwable waited(Future<?> future) {
        Throwable found = future.toCompletableFuture().handle((value, e) -> e).join();
        return found instanceof CompletionException ? found.getCause() : found;
    }

    private static final class BrokenTime implements TimeSource {
        volatile RuntimeException exception;
        volatile boolean tellsTime;

        @Override
        public long nanoTime() {
            if (exception != null && !tellsTime) throw exception;
            return 0;
        }

        @Override
        public Registration schedule(Duration delay, Runnable action) {
            if (exception != null) throw exception;
            return null;
        }
    }
}
