package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bodies of a group without a limit may wait for each other (R25). A thread takes several short bodies at a time;
 * if one of them blocks, other threads run the bodies behind it. Other work of the same pool runs too.
 */
@Timeout(120)
class GatherTogetherTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static final int BLOCKING = 40;

    @Test
    @Rule(25)
    void bodiesMayWaitForEachOtherOnTheDefaultPool() {
        try (TaskScope scope = leaks.open("default pool")) {
            runBodiesThatWaitForEachOther(scope);
        }
    }

    @Test
    @Rule(25)
    void bodiesMayWaitForEachOtherOnAForkJoinPool() {
        ForkJoinPool pool =
                new ForkJoinPool(
                        BLOCKING, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
        try (TaskScope scope = leaks.open("fork-join", pool)) {
            runBodiesThatWaitForEachOther(scope);
        } finally {
            pool.shutdown();
        }
    }

    /** Mixes short bodies, which a thread runs in batches, with bodies that wait until all of them have begun. */
    private static void runBodiesThatWaitForEachOther(TaskScope scope) {
        for (long seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            int size = 100 + random.nextInt(400);
            List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
            Collections.shuffle(order, random);
            boolean[] blocks = new boolean[size];
            order.subList(0, BLOCKING).forEach(index -> blocks[index] = true);
            CountDownLatch all = new CountDownLatch(BLOCKING);
            List<Callable<Integer>> bodies = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int index = i;
                bodies.add(
                        () -> {
                            if (blocks[index]) {
                                all.countDown();
                                all.await();
                            }
                            return index;
                        });
            }
            assertEquals(
                    IntStream.range(0, size).boxed().toList(),
                    scope.gather(bodies).all().join(),
                    "seed " + seed);
        }
    }

    /** An early body and the last one block until the body behind the early one has run. */
    @Test
    @Rule(25)
    void theLastBodyMayBlockWhileOthersWaitBehindABlockedBody() {
        ForkJoinPool pool =
                new ForkJoinPool(3, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
        AtomicInteger ran = new AtomicInteger();
        try (TaskScope scope = leaks.open("three threads", pool)) {
            for (int round = 0; round < 300; round++) {
                int size = 64;
                CountDownLatch behind = new CountDownLatch(1);
                int blocks = 20 + round % 30;
                List<Callable<Integer>> bodies = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    int index = i;
                    bodies.add(
                            () -> {
                                ran.incrementAndGet();
                                if (index == blocks || index == size - 1) {
                                    behind.await();
                                } else if (index == blocks + 1) {
                                    behind.countDown();
                                }
                                return index;
                            });
                }
                assertEquals(size, scope.gather(bodies).all().join().size());
            }
        } finally {
            pool.shutdown();
        }
        assertEquals(300 * 64, ran.get());
    }

    /** The bodies of a pair wait for each other. Two threads are enough if bodies begin in their order. */
    @Test
    void bodiesBeginInTheirOrderSoNeighboursMayWaitForEachOther() {
        ForkJoinPool pool = new ForkJoinPool(2);
        int size = 2_000;
        CountDownLatch[] pairs = new CountDownLatch[size / 2];
        Arrays.setAll(pairs, pair -> new CountDownLatch(2));
        try (TaskScope scope = leaks.open("pairs", pool)) {
            List<Integer> met =
                    scope.gather(
                                    IntStream.range(0, size).boxed().toList(),
                                    i -> {
                                        pairs[i / 2].countDown();
                                        pairs[i / 2].await();
                                        return i;
                                    })
                            .all()
                            .join();
            assertEquals(size, met.size());
        } finally {
            pool.shutdown();
        }
    }

    /** The later work is behind the bodies in the queue, and may wait for them. */
    @Test
    void workThatComesLaterDoesNotOvertakeTheBodies() throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(1);
        CountDownLatch bodies = new CountDownLatch(60);
        CountDownLatch later = new CountDownLatch(1);
        try (TaskScope scope = leaks.open("one thread", pool)) {
            Future<?> group =
                    scope.gather(
                                    IntStream.range(0, 60).boxed().toList(),
                                    i -> {
                                        // All bodies together outlast a few ticks of the clock.
                                        long end = System.nanoTime() + 1_000_000;
                                        while (System.nanoTime() - end < 0) {
                                            Thread.onSpinWait();
                                        }
                                        bodies.countDown();
                                        return i;
                                    })
                            .all();
            pool.execute(
                    () -> {
                        try {
                            bodies.await();
                            later.countDown();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
            later.await();
            group.join();
        } finally {
            pool.shutdown();
        }
    }

    /** A thread that waits for its own forks runs other work, but this must not be another body. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noBodyRunsInsideAnotherBody(boolean onTheDefaultPool) {
        ForkJoinPool pool = new ForkJoinPool(2);
        AtomicInteger reentered = new AtomicInteger();
        for (int round = 0; round < 200; round++) {
            ReentrantLock lock = new ReentrantLock();
            try (TaskScope scope =
                    onTheDefaultPool ? leaks.open("locks") : leaks.open("locks", pool)) {
                scope.gather(
                                IntStream.range(0, 64).boxed().toList(),
                                i -> {
                                    lock.lock();
                                    try {
                                        if (lock.getHoldCount() > 1) {
                                            reentered.incrementAndGet();
                                        }
                                        return IntStream.range(0, 64).parallel().sum();
                                    } finally {
                                        lock.unlock();
                                    }
                                })
                        .all()
                        .join();
            }
        }
        pool.shutdown();
        assertEquals(0, reentered.get());
    }

    @Test
    void noBodyBeginsAfterTheFirstSuccess() {
        ForkJoinPool pool = new ForkJoinPool(1);
        AtomicInteger begun = new AtomicInteger();
        try (TaskScope scope = leaks.open("one thread", pool)) {
            List<Integer> items = IntStream.range(0, 100_000).boxed().toList();
            assertEquals(
                    1, scope.gather(items, i -> begun.incrementAndGet()).firstSuccess().join());
        } finally {
            pool.shutdown();
        }
        assertEquals(1, begun.get());
    }

    /** The pool begins no other body, and rejects those that are left. */
    @Test
    void aPoolThatIsShutDownBeginsNoOtherBody() throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(1);
        Gate never = new Gate();
        List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
        try (TaskScope scope = leaks.open("stopped", pool)) {
            Future<List<Outcome<Integer>>> group =
                    scope.gather(
                                    List.of(0, 1, 2, 3),
                                    i -> {
                                        begun.add(i);
                                        try {
                                            never.pass();
                                        } catch (InterruptedException e) {
                                            return i;
                                        }
                                        return i;
                                    })
                            .settled();
            never.awaitReached();
            pool.shutdownNow();
            List<Outcome<Integer>> ends = group.join();
            assertEquals(0, ends.get(0).valueOrThrow());
            for (Outcome<Integer> end : ends.subList(1, 4)) {
                assertInstanceOf(RejectedExecutionException.class, end.exceptionOrNull());
            }
            assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
        }
        assertEquals(List.of(0), begun);
    }
}
