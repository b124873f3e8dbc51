package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cancel interrupts its own body, and no other code that runs on that thread later. */
@Rule(5)
class InterruptHygieneTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // The cancels come before, during and after their bodies, on the default pool.
    @Test
    void noInterruptLeaksIntoAnotherBodyOnTheDefaultPool() {
        AtomicInteger leaked = new AtomicInteger();
        try (TaskScope scope = leaks.open("default pool")) {
            for (int round = 0; round < 1_500; round++) {
                List<Task<?>> victims = new ArrayList<>();
                List<Task<?>> probes = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    victims.add(
                            scope.start(
                                    () -> {
                                        if (Thread.currentThread().isInterrupted()
                                                && !Task.current().isCancelling()) {
                                            leaked.incrementAndGet();
                                        }
                                        return spin(50);
                                    }));
                }
                spin(round % 200);
                for (Task<?> victim : victims) {
                    victim.cancel("race");
                    probes.add(
                            scope.start(
                                    () -> {
                                        if (Thread.currentThread().isInterrupted()) {
                                            leaked.incrementAndGet();
                                        }
                                        return spin(50);
                                    }));
                }
                probes.forEach(Future::join);
                victims.forEach(Future::joinOutcome);
            }
        }
        assertEquals(0, leaked.get());
    }

    // On one thread the probe runs right after the victim.
    @Test
    void noInterruptLeaksIntoTheNextBodyOnTheSameThread() {
        AtomicInteger leaked = new AtomicInteger();
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(oneThread)) {
            for (int round = 0; round < 5_000; round++) {
                Task<Integer> victim = scope.start(() -> spin(30));
                Task<Void> probe =
                        scope.launch(
                                () -> {
                                    if (Thread.currentThread().isInterrupted()) {
                                        leaked.incrementAndGet();
                                    }
                                });
                spin(round % 300);
                victim.cancel("race");
                probe.join();
                victim.joinOutcome();
            }
        } finally {
            oneThread.shutdown();
        }
        assertEquals(0, leaked.get());
    }

    // A wait that a cancel ends leaves the flag set. The next body does not see that flag.
    @Test
    void flagOfAnEndedWait_isNotSeenByTheNextBody() {
        Gate gate = new Gate();
        Promise<String> promise = Promise.create();
        Trail trail = new Trail();
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(oneThread)) {
            Task<Void> waiter =
                    scope.launch(
                            "waiter",
                            () -> {
                                gate.pass();
                                try {
                                    promise.join();
                                } finally {
                                    trail.add(
                                            "in the waiter: "
                                                    + Thread.currentThread().isInterrupted());
                                }
                            });
            gate.awaitReached();
            gate.open();
            waiter.cancelAndJoin("not wanted");
            trail.add(
                    "in the next: "
                            + scope.start(() -> Thread.currentThread().isInterrupted()).join());
        } finally {
            oneThread.shutdown();
        }
        List<String> steps = trail.steps();
        // The cancel may have come while the body still waited at the gate.
        assertEquals("in the next: false", steps.get(steps.size() - 1));
        if (steps.size() == 2) {
            assertEquals("in the waiter: true", steps.get(0));
        }
        promise.complete("unheard");
    }

    // The cancel of a task that is done interrupts no body.
    @Test
    void cancelAfterTheEnd_interruptsNoOtherBody() {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(oneThread)) {
            Gate gate = new Gate();
            Task<String> done = scope.start(() -> "value");
            done.join();
            Task<Boolean> next =
                    scope.start(
                            () -> {
                                gate.passUninterruptibly();
                                return Thread.currentThread().isInterrupted();
                            });
            gate.awaitReached();
            assertFalse(done.cancel("too late"));
            gate.open();
            assertFalse(next.join());
        } finally {
            oneThread.shutdown();
        }
    }

    // Callbacks run on the executor of the bodies, and their flag is clear too.
    @Test
    void noInterruptLeaksIntoACallback() {
        AtomicInteger leaked = new AtomicInteger();
        CountDownLatch callbacks = new CountDownLatch(1_000);
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(oneThread)) {
            for (int round = 0; round < 1_000; round++) {
                Task<Integer> victim = scope.start(() -> spin(30));
                victim.addDoneCallback(
                        f -> {
                            if (Thread.currentThread().isInterrupted()) {
                                leaked.incrementAndGet();
                            }
                            callbacks.countDown();
                        },
                        oneThread);
                spin(round % 300);
                victim.cancel("race");
            }
            scope.join();
            while (callbacks.getCount() > 0) {
                Thread.onSpinWait();
            }
        } finally {
            oneThread.shutdown();
        }
        assertEquals(0, leaked.get());
    }

    // The function of a derived future is a body, so the same rules hold for it.
    @Test
    void aFunctionOfADerivedFutureIsInterruptedAndLeavesNoFlag() {
        Gate never = new Gate();
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(oneThread)) {
            Future<String> mapped =
                    scope.start(() -> "value")
                            .map(
                                    value -> {
                                        try {
                                            never.pass();
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                        return value;
                                    });
            never.awaitReached();
            mapped.cancelAndJoin("not wanted");
            assertTrue(mapped.isCancelled());
            assertFalse(scope.start(() -> Thread.currentThread().isInterrupted()).join());
        } finally {
            oneThread.shutdown();
        }
    }

    // A cancel comes while inner bodies begin and end on the stack of the outer body.
    // The interrupt must reach the outer body, and only that.
    @Test
    void cancel_doesNotInterruptABodyOnTheStackOfItsBody() {
        ExecutorService pool = Executors.newCachedThreadPool();
        ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
        AtomicInteger leaked = new AtomicInteger();
        Executor onTheSpotInside =
                body -> {
                    if (inside.get()) {
                        body.run();
                    } else {
                        pool.execute(
                                () -> {
                                    inside.set(true);
                                    body.run();
                                    inside.set(false);
                                });
                    }
                };
        // The inner bodies are in a scope of their own, because the cancel would reach them.
        try (TaskScope scope = open(onTheSpotInside);
                TaskScope others = open(onTheSpotInside)) {
            for (int round = 0; round < 5_000; round++) {
                CountDownLatch begun = new CountDownLatch(1);
                Task<?> outer =
                        scope.launch(
                                "outer",
                                () -> {
                                    begun.countDown();
                                    while (!Task.current().isCancelling()) {
                                        others.launch("inner", () -> countLeak(leaked));
                                    }
                                    new CountDownLatch(1).await(); // until the interrupt comes
                                });
                begun.await();
                spin(round % 500);
                outer.cancel("stop");
                outer.joinOutcome();
                assertTrue(outer.isCancelled());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            pool.shutdown();
        }
        assertEquals(0, leaked.get());
    }

    private static void countLeak(AtomicInteger leaked) {
        spin(20);
        if (Thread.currentThread().isInterrupted()) {
            leaked.incrementAndGet();
        }
    }

    private TaskScope open(Executor executor) {
        return leaks.open("hygiene", executor);
    }

    private static int spin(int turns) {
        int sum = 0;
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
            sum += i;
        }
        return sum;
    }
}
