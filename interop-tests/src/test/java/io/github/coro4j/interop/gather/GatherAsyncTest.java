package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gather of asynchronous work holds a permit, but no thread, until each future has ended. */
@Timeout(120)
class GatherAsyncTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The promises that the function has returned and the test has not taken yet. */
    private final BlockingQueue<Promise<Integer>> pending = new LinkedBlockingQueue<>();

    private Future<Integer> startOne(int item) {
        Promise<Integer> promise = Promise.create();
        pending.add(promise);
        return promise;
    }

    private static List<Integer> upTo(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    @Test
    @Rule({18, 22})
    void manyPendingChildrenHoldNoThread() throws Exception {
        int size = 10_000;
        ExecutorService two = Executors.newFixedThreadPool(2);
        try (TaskScope scope = leaks.open("two", two)) {
            Future<List<Integer>> group = scope.gatherAsync(upTo(size), this::startOne).all();
            List<Promise<Integer>> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                all.add(pending.take());
            }
            assertEquals("free", scope.start(() -> "free").join());
            for (int i = size; i-- > 0; ) {
                all.get(i).complete(7);
            }
            assertEquals(Collections.nCopies(size, 7), group.join());
        }
        two.shutdown();
    }

    @ParameterizedTest
    @EnumSource
    @Rule(22)
    void exactlyAsManyFuturesArePendingAsThereArePermits(Policy policy) throws Exception {
        try (TaskScope scope = leaks.open("permits")) {
            Future<? extends List<?>> group =
                    policy.start(scope.gatherAsync(upTo(50), this::startOne).concurrency(3));
            Promise<Integer> first = pending.take();
            Promise<Integer> second = pending.take();
            for (int ended = 0; ended < 47; ended++) {
                Promise<Integer> third = pending.take();
                // The reader of the queue is the only one that lets another begin.
                assertEquals(0, pending.size());
                assertEquals(3, countOf(scope, "pending"), scope::dump);
                third.complete(ended);
            }
            pending.take().complete(47);
            second.complete(48);
            first.complete(49);
            assertEquals(50, Policy.valuesOf(group).size());
        }
    }

    private static int countOf(TaskScope scope, String state) {
        int count = 0;
        for (Task<?> task : scope.tasks()) {
            if (task.toString().contains(state)) {
                count++;
            }
        }
        return count;
    }

    @Test
    @Rule(22)
    void itemsAreReadOnlyAsPermitsComeFree() throws Exception {
        AtomicInteger read = new AtomicInteger();
        Iterable<Integer> endless =
                () ->
                        new Iterator<>() {
                            @Override
                            public boolean hasNext() {
                                return true;
                            }

                            @Override
                            public Integer next() {
                                return read.getAndIncrement();
                            }
                        };
        try (TaskScope scope = leaks.open("endless")) {
            Future<?> group = scope.gatherAsync(endless, this::startOne).concurrency(2).failFast();
            for (int i = 0; i < 100; i++) {
                Promise<Integer> promise = pending.take();
                assertTrue(read.get() <= i + 2, read::toString);
                promise.complete(i);
            }
            group.cancel("enough");
            group.joinOutcome();
        }
    }

    @Test
    void progressCountsAPendingFutureAsRunning() throws Exception {
        List<GatherProgress> seen = Collections.synchronizedList(new ArrayList<>());
        try (TaskScope scope = leaks.open("progress")) {
            Future<List<Integer>> group =
                    scope.gatherAsync(upTo(3), this::startOne)
                            .onProgress(seen::add)
                            .named("pages")
                            .all();
            List<Promise<Integer>> all = List.of(pending.take(), pending.take(), pending.take());
            all.forEach(each -> each.complete(1));
            group.join();
        }
        assertEquals(List.of(1L, 2L, 3L), seen.stream().map(GatherProgress::done).toList());
        assertEquals(0L, seen.get(2).running());
        assertTrue(seen.get(0).running() <= 2, seen::toString);
    }

    @Test
    void theListenerHearsOfTheEndWhenTheFutureHasEnded() throws Exception {
        Trail trail = new Trail();
        TaskListener listener =
                new TaskListener() {
                    @Override
                    public void started(TaskEvent event) {
                        trail.add("started " + event.name());
                    }

                    @Override
                    public void ended(TaskEvent event) {
                        trail.add(event.end() + " " + event.name());
                    }
                };
        try (TaskScope scope = leaks.open("heard", listener)) {
            Future<List<Integer>> group =
                    scope.gatherAsync(List.of(1), this::startOne).named("pages").all();
            Promise<Integer> promise = pending.take();
            Task<?> child = Origin.child(0, scope);
            while (!child.toString().contains("waiting for promise")) {
                Thread.onSpinWait();
            }
            trail.assertSteps("started pages[0]");
            assertFalse(scope.dump().contains("callback"), scope::dump);
            promise.complete(1);
            group.join();
        }
        trail.assertSteps("started pages[0]", "SUCCESS pages[0]");
    }

    @Test
    void aDumpShowsAPendingChildAndWhatItWaitsFor() throws Exception {
        try (TaskScope scope = leaks.open("dumped")) {
            Future<List<Integer>> group =
                    scope.gatherAsync(upTo(2_000), this::startOne).named("pages").all();
            List<Promise<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                all.add(pending.take());
            }
            while (!scope.dump().contains("2000 tasks: 2000 pending")) {
                Thread.onSpinWait();
            }
            assertTrue(scope.dump().contains("task \"pages[0]\" (pending"), scope::dump);
            assertTrue(scope.dump().contains("waiting for promise"), scope::dump);
            assertFalse(scope.dump().contains(" ending"), scope::dump);
            all.forEach(each -> each.complete(1));
            group.join();
        }
    }

    // A thread that completes a promise may hold a lock, so it must not run the next function.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theThreadThatEndsAFutureRunsNoFunction(boolean isLazy) throws Exception {
        AtomicReference<Thread> completing = new AtomicReference<>();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("direct", Runnable::run)) {
            List<Integer> items = upTo(5);
            Future<List<Integer>> group =
                    scope.gatherAsync(
                                    isLazy ? () -> items.iterator() : items,
                                    item -> {
                                        assertNotSame(completing.get(), Thread.currentThread());
                                        trail.add(item);
                                        return startOne(item);
                                    })
                            .concurrency(1)
                            .all();
            for (int i = 0; i < 5; i++) {
                Promise<Integer> promise = pending.take();
                completing.set(Thread.currentThread());
                promise.complete(i);
            }
            assertEquals(items, group.join());
        }
        trail.assertSteps(0, 1, 2, 3, 4);
    }
}
