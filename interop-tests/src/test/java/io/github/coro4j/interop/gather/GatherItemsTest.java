package io.github.coro4j.interop.gather;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Under a limit, a group reads an item once it has a permit for it. */
@Timeout(120)
class GatherItemsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static Iterable<Integer> endless(AtomicInteger read) {
        return () -> Stream.generate(read::getAndIncrement).iterator();
    }

    @Test
    void anEndlessIterableIsReadAsPermitsBecomeFree() {
        AtomicInteger read = new AtomicInteger();
        try (TaskScope scope = leaks.open("scope")) {
            int found =
                    scope.gather(
                                    endless(read),
                                    i -> {
                                        if (i < 50) {
                                            throw new IOException("not " + i);
                                        }
                                        return i;
                                    })
                            .concurrency(4)
                            .firstSuccess()
                            .join();
            assertTrue(found >= 50 && found < 54, "found " + found);
        }
        assertTrue(read.get() <= 55, read + " were read"); // those that run, and the next
        int failed = leaks.takeReports().size();
        assertTrue(failed >= 47, failed + " have failed"); // the others were cancelled
    }

    @Test
    void noMoreItemsAreReadThanThereArePermits() {
        AtomicInteger read = new AtomicInteger();
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(
                                    endless(read),
                                    i -> {
                                        gate.pass();
                                        return i;
                                    })
                            .concurrency(3)
                            .all();
            while (scope.tasks().size() < 3) {
                Thread.onSpinWait();
            }
            gate.awaitReached();
            assertEquals(3, read.get());
            group.cancel("enough");
            assertInstanceOf(Outcome.Cancelled.class, group.joinOutcome());
        }
        assertEquals(3, read.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void theGroupWaitsForAnIteratorThatBlocks(int limit) {
        BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        Iterable<Integer> items =
                () ->
                        new Iterator<>() {
                            private Integer next;

                            @Override
                            public boolean hasNext() {
                                try {
                                    next = queue.take();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                return next >= 0;
                            }

                            @Override
                            public Integer next() {
                                return next;
                            }
                        };
        try (TaskScope scope = leaks.open("scope")) {
            Iterator<Future<Integer>> ends =
                    scope.gather(items, i -> 2 * i).concurrency(limit).asCompleted().iterator();
            for (int i = 0; i < 10; i++) {
                queue.add(i);
                assertEquals(2 * i, ends.next().join());
            }
            queue.add(-1);
            assertFalse(ends.hasNext());
        }
    }

    @Test
    void aCancelInterruptsTheReaderOfTheItems() {
        Gate reading = new Gate();
        Gate never = new Gate();
        AtomicBoolean wasInterrupted = new AtomicBoolean();
        Iterable<Integer> items =
                () -> {
                    try {
                        reading.open();
                        never.pass();
                    } catch (InterruptedException e) {
                        wasInterrupted.set(true);
                    }
                    return List.of(1).iterator();
                };
        List<Integer> run = Collections.synchronizedList(new ArrayList<>());
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(
                                    items,
                                    i -> {
                                        run.add(i);
                                        return i;
                                    })
                            .concurrency(1)
                            .named("pages")
                            .all();
            never.awaitReached();
            assertTrue(
                    scope.dump().contains("items \"pages.items\" (pending, running"), scope::dump);
            assertTrue(scope.tasks().isEmpty(), "the reader of the items is no task");
            group.cancel("enough");
            assertInstanceOf(Outcome.Cancelled.class, group.joinOutcome());
        }
        assertTrue(wasInterrupted.get());
        assertEquals(List.of(), run);
    }

    @Test
    @Rule(25)
    void oneThreadIsEnough() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        AtomicInteger read = new AtomicInteger();
        try (TaskScope scope = leaks.open("one", one)) {
            Future<Integer> first =
                    scope.start(
                            () ->
                                    scope.gather(endless(read), i -> i)
                                            .concurrency(2)
                                            .using(
                                                    () ->
                                                            new io.github.coro4j.GatherPolicy<
                                                                    Integer, Integer>() {
                                                                private int sum;

                                                                @Override
                                                                public Decision ended(
                                                                        int index,
                                                                        Outcome<Integer> end) {
                                                                    sum += end.valueOrThrow();
                                                                    return index < 99
                                                                            ? Decision.GO_ON
                                                                            : Decision.STOP;
                                                                }

                                                                @Override
                                                                public Integer result() {
                                                                    return sum;
                                                                }
                                                            })
                                            .join());
            assertEquals(99 * 100 / 2, first.join());
        } finally {
            one.shutdown();
        }
    }

    @Test
    void anExecutorThatRunsBodiesAtOnceDoesNotRecurse() {
        Iterable<Integer> items = () -> IntStream.range(0, 20_000).iterator();
        try (TaskScope scope = leaks.open("here", Runnable::run)) {
            assertEquals(20_000, scope.gather(items, i -> i).concurrency(1).all().join().size());
            assertEquals(20_000, scope.gather(items, i -> i).concurrency(7).all().join().size());
        }
    }

    @Coro4jTest
    void aTimeoutEndsTheReading(TestScope time) {
        AtomicInteger read = new AtomicInteger();
        Gate never = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Future<List<Outcome<Integer>>> group =
                    scope.gather(
                                    endless(read),
                                    i -> {
                                        never.pass();
                                        return i;
                                    })
                            .concurrency(2)
                            .timeout(Duration.ofMillis(5))
                            .settled();
            time.advanceBy(Duration.ofMillis(5).minusNanos(1));
            assertPending(group);
            time.advanceBy(Duration.ofNanos(1));
            assertEquals(2, assertSucceeded(group).size());
            assertEquals(2, read.get());
        }
    }

    @Test
    void theIteratorIsReadInTheScope() {
        List<TaskScope> scopes = Collections.synchronizedList(new ArrayList<>());
        try (TaskScope scope = leaks.open("scope")) {
            Iterable<Integer> items =
                    () ->
                            List.of(1, 2, 3).stream()
                                    .map(
                                            i -> {
                                                scopes.add(Task.start(() -> i).scope());
                                                return i;
                                            })
                                    .iterator();
            scope.gather(items, i -> i).concurrency(2).all().join();
            assertEquals(List.of(scope, scope, scope), scopes);
        }
    }

    @Test
    @Rule(16)
    void aClosedScopeRefusesThePlanAndReadsNoItem() {
        AtomicInteger read = new AtomicInteger();
        TaskScope scope = leaks.open("scope");
        Gather<Integer> plan = scope.gather(endless(read), i -> i).concurrency(1);
        scope.close();
        assertThrows(IllegalStateException.class, plan::all);
        assertEquals(0, read.get());
        List<FailureReport> none = leaks.takeReports();
        assertEquals(List.of(), none);
    }
}
