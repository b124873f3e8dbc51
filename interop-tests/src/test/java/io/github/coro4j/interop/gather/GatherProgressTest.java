package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Gather.onProgress} calls its listener in order, without overlap, and never after the end of the group. */
@Timeout(120)
class GatherProgressTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final List<GatherProgress> snapshots = Collections.synchronizedList(new ArrayList<>());

    @Test
    void theListenerReceivesEachEndInOrder() {
        Promise<String> a = Promise.create();
        Promise<String> b = Promise.create();
        Promise<String> c = Promise.create();
        Future<?> group = Gather.<String>of(a, b, c).onProgress(snapshots::add).settled();
        b.fail(new IOException("b"));
        c.cancel("c");
        a.complete("a");
        group.join();
        assertEquals(
                List.of(
                        new GatherProgress(1, 1, 2, 3, b),
                        new GatherProgress(2, 2, 1, 3, c),
                        new GatherProgress(3, 2, 0, 3, a)),
                snapshots);
    }

    @Test
    void runningCountsTheBodiesThatHaveBegun() {
        Gate first = new Gate();
        Gate second = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(
                                    List.of(0, 1, 2),
                                    i -> {
                                        (i == 0 ? first : second).pass();
                                        return i;
                                    })
                            .concurrency(2)
                            .onProgress(snapshots::add)
                            .all();
            first.awaitReached();
            second.awaitReached();
            first.open();
            while (snapshots.isEmpty()) {
                Thread.onSpinWait();
            }
            // The body that has ended is not counted, and the next may have begun.
            assertTrue(
                    snapshots.get(0).running() >= 1 && snapshots.get(0).running() <= 2,
                    snapshots::toString);
            assertEquals(3, snapshots.get(0).total());
            second.open();
            group.join();
            assertEquals(0, snapshots.get(2).running(), snapshots::toString);
        }
    }

    @Test
    void theTotalIsUnknownUntilAllItemsAreRead() {
        Gate toldOfOne = new Gate();
        Iterable<Integer> items =
                () ->
                        IntStream.range(0, 3)
                                .peek(
                                        i -> {
                                            if (i == 1) {
                                                toldOfOne.passUninterruptibly();
                                            }
                                        })
                                .boxed()
                                .iterator();
        try (TaskScope scope = leaks.open("scope")) {
            scope.gather(items, i -> i)
                    .concurrency(1)
                    .onProgress(
                            progress -> {
                                snapshots.add(progress);
                                toldOfOne.open();
                            })
                    .all()
                    .join();
        }
        assertEquals(-1, snapshots.get(0).total());
        assertEquals(List.of(1L, 2L, 3L), snapshots.stream().map(GatherProgress::done).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, Integer.MAX_VALUE})
    void callsNeverOverlapAndNeverFollowTheEnd(int limit) {
        for (int round = 0; round < 50; round++) {
            AtomicInteger inside = new AtomicInteger();
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicInteger wrong = new AtomicInteger();
            List<Long> done = new ArrayList<>(); // needs no lock: calls do not overlap
            try (TaskScope scope = leaks.open("scope")) {
                Gate open = new Gate();
                int failing = round % 100;
                Future<?> group =
                        scope.gather(
                                        IntStream.range(0, 100).boxed().toList(),
                                        i -> {
                                            if (i == failing) {
                                                throw new IOException("boom");
                                            }
                                            return i;
                                        })
                                .concurrency(limit)
                                .onProgress(
                                        progress -> {
                                            if (inside.incrementAndGet() != 1 || isOver.get()) {
                                                wrong.incrementAndGet();
                                            }
                                            done.add(progress.done());
                                            inside.decrementAndGet();
                                        })
                                .all();
                group.joinOutcome();
                isOver.set(true);
                open.open();
                scope.join();
            }
            assertEquals(0, wrong.get());
            for (int i = 0; i < done.size(); i++) {
                assertEquals(i + 1, done.get(i));
            }
            assertTrue(!done.isEmpty());
        }
    }

    @Test
    void theGroupWaitsForTheListener() {
        Gate inListener = new Gate();
        Future<?> group =
                Gather.of(Future.completed("a"))
                        .onProgress(progress -> inListener.passUninterruptibly())
                        .all();
        inListener.awaitReached();
        assertFalse(group.isDone());
        inListener.open();
        group.join();
    }

    @Test
    @Rule(13)
    void anExceptionOfTheListenerIsReportedAndChangesNothing() {
        RuntimeException boom = new RuntimeException("boom");
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(List.of(1, 2), i -> i)
                            .named("pages")
                            .onProgress(
                                    progress -> {
                                        snapshots.add(progress);
                                        throw boom;
                                    })
                            .all();
            assertEquals(List.of(1, 2), group.join());
        }
        assertEquals(2, snapshots.size());
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(2, reports.size());
        for (FailureReport report : reports) {
            assertEquals(FailureReport.Kind.CALLBACK_FAILED, report.kind());
            assertEquals("pages", report.name());
            assertSame(boom, report.exception());
        }
    }

    @Test
    @Rule(13)
    void anExecutorThatRejectsIsReportedAndTheGroupEnds() {
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("scope")
                                .failureListener(leaks.listener())
                                .callbackExecutor(
                                        call -> {
                                            throw new RejectedExecutionException("full");
                                        })
                                .open())) {
            scope.gather(List.of(1), i -> i).onProgress(snapshots::add).all().join();
        }
        assertEquals(1, snapshots.size());
        leaks.takeReports()
                .forEach(each -> assertEquals(FailureReport.Kind.CALLBACK_REJECTED, each.kind()));
    }

    @Test
    @Rule(11)
    void theListenerRunsAsACallbackWithoutACurrentTask() {
        List<Task<?>> current = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        Promise<String> promise = Promise.create();
        try (TaskScope scope = leaks.open("scope")) {
            scope.start(
                            () -> {
                                Future<?> group =
                                        Gather.of(promise)
                                                .onProgress(
                                                        progress -> {
                                                            current.add(Task.current());
                                                            threads.add(Thread.currentThread());
                                                        })
                                                .all();
                                promise.complete("a");
                                group.join();
                                assertFalse(threads.contains(Thread.currentThread()));
                                return null;
                            })
                    .join();
        }
        assertEquals(1, current.size());
        assertNull(current.get(0));
    }

    @Test
    @Rule(16)
    void receivingAChildDoesNotReadItsFailure() {
        IOException boom = new IOException("boom");
        Promise<String> child = Promise.create();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(List.of(child), Future::join).onProgress(snapshots::add).settled();
            child.fail(boom);
            while (!group.isDone()) {
                Thread.onSpinWait();
            }
        }
        assertEquals(1, leaks.takeReports().size());
        assertEquals(1, snapshots.size());
    }

    @ParameterizedTest
    @EnumSource
    @Rule(20)
    void theListenerReceivesEachChildOfACancelledGroup(Origin origin) {
        Gate never = new Gate();
        Gate other = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    origin.plan(scope, Bodies.returning("a", never), Bodies.returning("b", other))
                            .onProgress(snapshots::add)
                            .failFast();
            never.awaitReached();
            other.awaitReached();
            group.cancel("enough");
            assertTrue(group.joinOutcome() instanceof Outcome.Cancelled);
            assertEquals(2, snapshots.size());
            assertEquals(2, snapshots.get(1).failed());
        }
    }

    @Test
    @Rule(3)
    void aNullListenerIsRefused() {
        Gather<String> plan = Gather.of(Future.completed("a"));
        assertTrue(
                assertThrows(NullPointerException.class, () -> plan.onProgress(null))
                        .getMessage()
                        .startsWith("listener must not be null"));
    }
}
