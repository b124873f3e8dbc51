package io.github.coro4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A body that runs, on its own thread, the body that it waits for, and is cancelled meanwhile. The searchers cannot be
 * used: before it helps, a waiter gives the executor two milliseconds.
 */
class HelpingStressTest {
    private static final int ROUNDS = 300;
    private static final int SPINS = 1_000;

    @Test
    void aCancelOfTheWaiterReachesTheWaiterAndNotTheBodyItRuns() throws Exception {
        long seed = Long.getLong("stress.seed", ThreadLocalRandom.current().nextLong());
        Random random = new Random(seed);
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                String message = "round " + round + " with -Dstress.seed=" + seed;
                cancelWhileItHelps(single, random.nextInt(60_000), message);
                boolean flag =
                        single.submit(() -> Thread.currentThread().isInterrupted())
                                .get(10, TimeUnit.SECONDS);
                assertFalse(flag, message);
            }
        } finally {
            single.shutdownNow();
        }
        assertTrue(single.awaitTermination(10, TimeUnit.SECONDS));
    }

    private static void cancelWhileItHelps(ExecutorService single, int nanos, String message)
            throws InterruptedException {
        CountDownLatch helped = new CountDownLatch(1);
        AtomicBoolean interruptedInside = new AtomicBoolean();
        AtomicReference<Task<Integer>> inner = new AtomicReference<>();
        try (TaskScope scope = TaskScope.builder().name("helping").executor(single).open()) {
            Task<Integer> outer =
                    scope.start(
                            () -> {
                                // The only thread is this one, so no other thread can begin it.
                                inner.set(
                                        scope.start(
                                                () -> {
                                                    helped.countDown();
                                                    for (int i = 0; i < SPINS; i++) {
                                                        Thread.onSpinWait();
                                                    }
                                                    interruptedInside.set(
                                                            Thread.currentThread().isInterrupted());
                                                    return 7;
                                                }));
                                return inner.get().join();
                            });
            helped.await();
            LockSupport.parkNanos(nanos);
            boolean asked = outer.cancel("late");
            Outcome<Integer> end = outer.joinOutcome();
            assertEquals(7, inner.get().join(), message);
            assertFalse(interruptedInside.get(), message);
            assertEquals(asked, end instanceof Outcome.Cancelled, message);
        }
    }
}
