package io.github.coro4j.interop.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.NothingLeaks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * R25: the bodies of a group without a limit may wait for each other, though a thread takes several of them at a time while they
 * are short: those behind one that blocks are run by other threads. And other work of the same pool is not kept out.
 */
@Timeout(120)
class GatherTogetherTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static final int BLOCKING = 40;

    @Test
    void r25_bodiesThatMeetBetweenShortOnesOnTheDefaultPool() {
        try (TaskScope scope = leaks.open("default pool")) {
            meet(scope);
        }
    }

    @Test
    void r25_bodiesThatMeetBetweenShortOnesOnAForkJoinPool() {
        ForkJoinPool pool =
                new ForkJoinPool(
                        BLOCKING, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
        try (TaskScope scope = leaks.open("fork-join", pool)) {
            meet(scope);
        } finally {
            pool.shutdown();
        }
    }

    /** Short bodies first, so that stretches grow; then bodies that all must have begun, at random places. */
    private static void meet(TaskScope scope) {
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

    /** The very last body blocks until the very first has gone on, which waits for one that stands behind it. */
    @Test
    void r25_theLastBodyBlocksWhileOthersAreStuckBehindTheFirst() {
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

    /** The group's only thread goes from body to body, and must go by what others have handed to the pool meanwhile. */
    @Test
    void aLongGroupLetsOtherWorkOfItsPoolThrough() throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(1);
        AtomicInteger ranAfterOther = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        try (TaskScope scope = leaks.open("one thread", pool)) {
            Future<List<Integer>> all =
                    scope.gather(
                                    IntStream.range(0, 5_000).boxed().toList(),
                                    index -> {
                                        begun.countDown();
                                        // Long for a body, and nothing when there are 5,000 of
                                        // them.
                                        long end = System.nanoTime() + 1_000_000;
                                        while (other.getCount() > 0
                                                && System.nanoTime() - end < 0) {
                                            Thread.onSpinWait();
                                        }
                                        if (other.getCount() == 0) {
                                            ranAfterOther.incrementAndGet();
                                        }
                                        return index;
                                    })
                            .all();
            begun.await();
            pool.execute(other::countDown);
            assertEquals(IntStream.range(0, 5_000).boxed().toList(), all.join());
        } finally {
            pool.shutdown();
        }
        assertNotEquals(0, ranAfterOther.get(), "the other work had to wait for the whole group");
    }
}
