package io.github.coro4j.interop.virtual;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertFailed;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Tests of code as applications have it: a retry with growing pauses, a cache that expires, and a poller. Hours of their
 * time take milliseconds.
 */
@Coro4jTest
class ServicesTest {

    /** Tries again after 1, 2, 4, .. seconds, and at most a minute. */
    record Retry(int attempts) {
        <T> Task<T> start(TaskScope scope, Callable<T> call) {
            return scope.start("retry", () -> run(call));
        }

        private <T> T run(Callable<T> call) throws Exception {
            Duration pause = Duration.ofSeconds(1);
            for (int attempt = 1; ; attempt++) {
                try {
                    return call.call();
                } catch (IOException e) {
                    if (attempt == attempts) {
                        throw e;
                    }
                }
                Task.sleep(pause).join();
                pause = pause.multipliedBy(2);
                if (pause.compareTo(Duration.ofMinutes(1)) > 0) {
                    pause = Duration.ofMinutes(1);
                }
            }
        }
    }

    /** Keeps a value for a time, and loads it once for all that ask meanwhile. */
    static final class Cache<T> {
        private final TaskScope scope;
        private final Clock clock;
        private final Duration keep;
        private final Callable<T> load;
        private Task<T> current;
        private Instant until = Instant.MIN;

        Cache(TaskScope scope, Clock clock, Duration keep, Callable<T> load) {
            this.scope = scope;
            this.clock = clock;
            this.keep = keep;
            this.load = load;
        }

        synchronized Future<T> get() {
            if (!clock.instant().isBefore(until)) {
                current = scope.start("load", load);
                until = clock.instant().plus(keep);
            }
            return current.shield();
        }
    }

    /** Polls every hour until it is cancelled. A poll that takes too long is given up. */
    static final class Poller {
        final List<Instant> polls = Collections.synchronizedList(new ArrayList<>());

        Task<Void> start(TaskScope scope, Clock clock, Callable<?> poll) {
            return scope.launch(
                    "poller",
                    () -> {
                        while (true) {
                            polls.add(clock.instant());
                            try {
                                Task.start("poll", poll).orTimeout(Duration.ofMinutes(5)).join();
                            } catch (java.util.concurrent.CompletionException e) {
                                // the next poll is in an hour
                            }
                            Task.sleep(Duration.ofHours(1)).join();
                        }
                    });
        }
    }

    @Test
    void aRetryThatSucceedsInTheEnd(TestScope scope) {
        AtomicInteger calls = new AtomicInteger();
        Task<String> answer =
                new Retry(10)
                        .start(
                                scope,
                                () -> {
                                    if (calls.incrementAndGet() < 9) {
                                        throw new IOException("busy");
                                    }
                                    return "done";
                                });
        scope.advanceBy(Duration.ofSeconds(1 + 2 + 4 + 8 + 16 + 32 + 60 + 60).minusNanos(1));
        assertEquals(8, calls.get());
        assertPending(answer);
        scope.advanceBy(Duration.ofNanos(1));
        assertSucceeded(answer, "done");
    }

    @Test
    void aRetryThatGivesUp_andOneThatIsCancelled(TestScope scope) {
        IOException busy = new IOException("busy");
        Callable<String> call =
                () -> {
                    throw busy;
                };
        Task<String> givesUp = new Retry(3).start(scope, call);
        Task<String> cancelled = new Retry(100).start(scope, call);
        scope.advanceBy(Duration.ofMinutes(30));
        assertEquals("busy", assertFailed(givesUp, IOException.class).getMessage());
        assertPending(cancelled);
        cancelled.cancel("the user left");
        scope.runCurrent();
        assertCancelled(cancelled, "the user left");
    }

    @Test
    void aCacheThatExpires(TestScope scope) {
        AtomicInteger loads = new AtomicInteger();
        Cache<Integer> cache =
                new Cache<>(
                        scope,
                        scope.clock(),
                        Duration.ofMinutes(10),
                        () -> {
                            Task.sleep(Duration.ofSeconds(3)).join();
                            return loads.incrementAndGet();
                        });
        Future<Integer> first = cache.get();
        Future<Integer> second = cache.get();
        scope.advanceBy(Duration.ofSeconds(3));
        assertSucceeded(first, 1);
        assertSucceeded(second, 1);
        scope.advanceBy(Duration.ofMinutes(10).minusSeconds(4));
        assertSucceeded(cache.get(), 1);
        scope.advanceBy(Duration.ofSeconds(1));
        Future<Integer> later = cache.get();
        assertPending(later);
        scope.advanceUntilIdle();
        assertSucceeded(later, 2);
    }

    @Test
    void aPollerForADay(TestScope scope) {
        AtomicInteger number = new AtomicInteger();
        Poller poller = new Poller();
        Instant start = scope.clock().instant();
        Task<Void> task =
                poller.start(
                        scope,
                        scope.clock(),
                        () -> {
                            // Every sixth poll hangs.
                            if (number.incrementAndGet() % 6 == 0) {
                                Task.sleep(Duration.ofDays(1)).join();
                            }
                            return null;
                        });
        scope.advanceBy(Duration.ofDays(1));
        assertEquals(24, poller.polls.size());
        assertEquals(start.plus(Duration.ofHours(5)), poller.polls.get(5));
        assertEquals(start.plus(Duration.ofHours(6).plusMinutes(5)), poller.polls.get(6));
        task.cancel("the day is over");
        scope.runCurrent();
        assertCancelled(task, "the day is over");
    }
}
