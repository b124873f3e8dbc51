package io.github.coro4j.interop.gather;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Gather.timeout} cancels the children that run, and the group ends at once. */
@Timeout(120)
class GatherTimeoutTest {
    static final Duration SOON = Duration.ofMillis(1);
    private static final Duration A_NANO = Duration.ofNanos(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate never = Gate.ofPromise();

    static TimeoutException timeoutOf(Future<?> group) {
        Throwable failure = assertThrows(CompletionException.class, group::join).getCause();
        assertSame(failure, group.exception());
        return assertInstanceOf(TimeoutException.class, failure);
    }

    /** Advances the time until a limit of {@link #SOON} passes; the futures end only then. */
    static void passLimit(TestScope time, Future<?>... pending) {
        time.advanceBy(SOON.minus(A_NANO));
        for (Future<?> each : pending) {
            assertPending(each);
        }
        time.advanceBy(A_NANO);
    }

    @Coro4jTest
    void theMessageCountsTheChildrenAndNamesTheSlowest(TestScope time) {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("fast");
                TaskScope stuck = leaks.open("stuck", queue::add)) {
            Task<String> done = scope.start("done", () -> "done");
            done.join();
            Task<String> slowest = scope.start("slowest", Bodies.returning("", never));
            never.awaitReached();
            Task<String> queued = stuck.start("queued", () -> "queued");
            time.ignore(queued); // its executor never runs it
            Promise<String> promise = Promise.create();
            Future<List<String>> all =
                    Gather.<String>of(done, slowest, queued, promise)
                            .named("pages")
                            .timeout(SOON)
                            .all();
            passLimit(time, all, slowest, queued, promise);
            assertEquals(
                    "gather \"pages\" timed out after 0.001 s: 1 done, 2 running, 1 not started;"
                            + " the slowest is task \"slowest\"",
                    // The debug mode adds where the gather was started.
                    timeoutOf(all).getMessage().replaceFirst("; the gather was started at .*", ""));
            String late = "gather \"pages\" timed out after 0.001 s";
            assertCancelled(slowest, late);
            assertCancelled(promise, late);
            assertCancelled(queued, "not started when " + late);
        }
    }

    static String reasonOf(Future<?> future) {
        return assertInstanceOf(TaskCancelledException.class, future.exception()).reason();
    }

    @Coro4jTest
    void settledKeepsTheOutcomesSoFar(TestScope time) {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("scope")) {
            Gate go = new Gate();
            go.open();
            Task<String> fine = scope.start(() -> "fine");
            Task<String> bad = scope.start(Bodies.throwing(boom, go));
            Task<String> late = scope.start("late", Bodies.returning("late", never));
            List.of(fine, bad).forEach(Future::joinOutcome);
            never.awaitReached();
            Future<List<Outcome<String>>> group =
                    Gather.<String>of(fine, bad, late).timeout(SOON).settled();
            passLimit(time, group);
            List<Outcome<String>> ends = assertSucceeded(group);
            assertEquals(new Outcome.Success<>("fine"), ends.get(0));
            assertEquals(new Outcome.Failure<>(boom), ends.get(1));
            assertTrue(ends.get(2) instanceof Outcome.Cancelled, ends::toString);
            assertTrue(ends.get(2).exceptionOrNull().getMessage().contains("timed out"));
        }
    }

    /** If a child was cancelled just before its body ran, its reason may or may not say "not started". */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, Integer.MAX_VALUE})
    void onlyChildrenThatHaveNotBegunAreCalledNotStarted(int limit) {
        int size = 40;
        for (int round = 0; round < 60; round++) {
            AtomicBoolean[] begun = new AtomicBoolean[size];
            Arrays.setAll(begun, i -> new AtomicBoolean());
            Gate held = new Gate();
            int last = round % size;
            try (TaskScope scope = leaks.open("scope")) {
                List<Outcome<Integer>> ends =
                        scope.gather(
                                        IntStream.range(0, size).boxed().toList(),
                                        i -> {
                                            begun[i].set(true);
                                            if (i >= last) {
                                                held.pass();
                                            }
                                            return i;
                                        })
                                .concurrency(limit)
                                .named("pages")
                                .timeout(Duration.ofNanos(1 + 40_000L * round))
                                .settled()
                                .join();
                assertEquals(size, ends.size());
                for (int i = 0; i < size; i++) {
                    Throwable cancellation = ends.get(i).exceptionOrNull();
                    if (cancellation == null) {
                        assertTrue(begun[i].get() && i < last);
                        continue;
                    }
                    String message = cancellation.getMessage();
                    assertTrue(message.contains("timed out"), message);
                    assertTrue(message.startsWith("pages[" + i + "] "), message);
                    assertTrue(!begun[i].get() || !message.contains("not started"), message);
                }
            }
        }
    }

    @Coro4jTest
    void untilGivesThePendingChildrenAndCancelsNone(TestScope time) {
        Promise<String> done = Promise.create();
        Promise<String> pending = Promise.create();
        done.complete("done");
        Future<Partition<String>> group =
                Gather.<String>of(pending, done).timeout(SOON).until(When.ALL_DONE);
        passLimit(time, group);
        Partition<String> parts = assertSucceeded(group);
        assertEquals(List.of(done), List.copyOf(parts.done()));
        assertEquals(List.of(pending), List.copyOf(parts.pending()));
        assertFalse(pending.isDone());
        pending.complete("later");
    }

    @Test
    void untilShowsBodiesThatHaveNotBegun() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("scope", queue::add)) {
            Partition<Integer> parts =
                    scope.gather(List.of(0, 1, 2, 3), i -> i)
                            .concurrency(1)
                            .timeout(SOON)
                            .until(When.FIRST_DONE)
                            .join();
            assertEquals(4, parts.pending().size());
            List<Future<Integer>> tasks = List.copyOf(parts.pending());
            assertTrue(tasks.get(2).cancel("not this one"));
            assertTrue(tasks.get(2).isCancelled());
            while (!queue.isEmpty()) {
                queue.remove(0).run();
            }
            assertEquals(3, tasks.get(3).join(), "they run on");
            assertEquals(1, tasks.get(1).join());
            scope.join();
        }
    }

    @Coro4jTest
    void earlierFailuresAreAttachedToTheTimeout(TestScope time) {
        IOException boom = new IOException("boom");
        Promise<String> failed = Promise.create();
        Promise<String> pending = Promise.create();
        failed.fail(boom);
        Future<String> group = Gather.<String>of(failed, pending).timeout(SOON).firstSuccess();
        passLimit(time, group, pending);
        assertEquals(List.of(boom), Arrays.asList(timeoutOf(group).getSuppressed()));
        assertTrue(pending.isCancelled());
    }

    // In asyncio the loop throws, and the children run on.
    @Coro4jTest
    void asCompletedGivesTheCancelledChildrenToo(TestScope time) {
        Promise<String> pending = Promise.create();
        Promise<String> done = Promise.create();
        done.complete("done");
        List<Future<String>> ends = new ArrayList<>();
        var loop = Gather.<String>of(pending, done).timeout(SOON).asCompleted();
        passLimit(time, pending);
        loop.forEach(ends::add);
        assertEquals(List.of(done, pending), ends);
        assertTrue(pending.isCancelled());
    }

    // In asyncio, a limit that is not positive passes at once.
    @Test
    @Rule(3)
    void aLimitThatIsNullOrNotPositiveIsRefused() {
        Gather<String> plan = Gather.of(Future.completed("a"));
        for (Duration limit : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            String message =
                    assertThrows(IllegalArgumentException.class, () -> plan.timeout(limit))
                            .getMessage();
            assertTrue(message.startsWith("limit must be longer than zero, but is " + limit));
        }
        assertTrue(
                assertThrows(NullPointerException.class, () -> plan.timeout(null))
                        .getMessage()
                        .startsWith("limit must not be null"));
        assertEquals(List.of("a"), plan.timeout(Duration.ofSeconds(Long.MAX_VALUE)).all().join());
    }
}
