package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In each round two threads act on a group at the same time, and the result holds whichever thread is first. */
class GatherRaceTest {
    static final int ROUNDS = 400;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule({4, 20})
    void aGroupWhoseCancelReturnedTrueIsCancelled(Policy policy) throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (TaskScope scope = leaks.open("race")) {
            for (int round = 0; round < ROUNDS; round++) {
                Promise<String> child = Promise.create();
                Future<? extends List<?>> group = policy.start(Gather.of(child));
                group.addDoneCallback(f -> assertTrue(f.isDone()));
                Task<Void> completer =
                        scope.launch(
                                () -> {
                                    both.await();
                                    child.complete("value");
                                });
                both.await();
                boolean accepted = group.cancel("race");
                completer.join();
                group.joinOutcome();
                assertEquals(accepted, group.isCancelled(), "round " + round);
            }
        }
    }

    // One failure is the group's, and the other is reported.
    @ParameterizedTest
    @EnumSource
    @Rule(17)
    void noneOfTwoSimultaneousFailuresIsLost(Origin origin) {
        for (int round = 0; round < ROUNDS; round++) {
            CyclicBarrier both = new CyclicBarrier(2);
            IOException a = new IOException("a");
            IOException b = new IOException("b");
            Throwable surfaced;
            try (TaskScope scope = leaks.open("race")) {
                Future<List<String>> group =
                        origin.plan(
                                        scope,
                                        () -> {
                                            both.await();
                                            throw a;
                                        },
                                        () -> {
                                            both.await();
                                            throw b;
                                        })
                                .all();
                surfaced = group.joinOutcome().exceptionOrNull();
                scope.join();
            }
            List<FailureReport> reports = leaks.takeReports();
            assertEquals(1, reports.size(), reports::toString);
            assertSame(surfaced == a ? b : a, reports.get(0).exception());
        }
    }

    // With failFast(), the group attaches the other failure.
    @ParameterizedTest
    @EnumSource
    @Rule(17)
    void theSecondOfTwoSimultaneousFailuresIsAttached(Origin origin) {
        for (int round = 0; round < ROUNDS; round++) {
            CyclicBarrier both = new CyclicBarrier(2);
            List<IOException> thrown = new ArrayList<>();
            Throwable surfaced;
            try (TaskScope scope = leaks.open("race")) {
                Callable<String> body =
                        () -> {
                            IOException own = new IOException("own");
                            both.await();
                            synchronized (thrown) {
                                thrown.add(own);
                            }
                            throw own;
                        };
                surfaced =
                        origin.plan(scope, body, body).failFast().joinOutcome().exceptionOrNull();
            }
            synchronized (thrown) {
                assertEquals(2, thrown.size());
                assertTrue(thrown.remove(surfaced));
                assertEquals(thrown, List.of(surfaced.getSuppressed()));
            }
            assertEquals(List.of(), leaks.takeReports());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({20, 23})
    void aGroupThatStartsWhileItsScopeIsCancelledEnds(Policy policy) throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        for (int round = 0; round < ROUNDS; round++) {
            TaskScope scope = leaks.open("race");
            Thread canceller =
                    new Thread(
                            () -> {
                                await(both);
                                scope.cancel("race");
                            });
            canceller.start();
            await(both);
            Future<? extends List<?>> group =
                    policy.start(scope.gather(List.of(1, 2, 3), i -> i).concurrency(2));
            group.joinOutcome();
            canceller.join();
            scope.join();
            scope.close();
            assertTrue(group.isDone());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void aGroupThatStartsWhileItsScopeIsClosedIsRefusedOrEnds(Policy policy) throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        for (int round = 0; round < ROUNDS; round++) {
            TaskScope scope = leaks.open("race");
            Gather<Integer> plan = scope.gather(List.of(1, 2, 3), i -> i).concurrency(2);
            Thread closer =
                    new Thread(
                            () -> {
                                await(both);
                                scope.close();
                            });
            closer.start();
            await(both);
            try {
                policy.start(plan).joinOutcome();
            } catch (IllegalStateException refused) {
                assertTrue(refused.getMessage().contains("race"), refused::toString);
            }
            closer.join();
        }
    }

    @Test
    @Rule(22)
    void theLimitHoldsWhileChildrenAreCancelled() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> items = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            items.add(i);
        }
        try (TaskScope scope = leaks.open("race")) {
            Future<List<Outcome<Integer>>> group =
                    scope.gather(
                                    items,
                                    i -> {
                                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                        try {
                                            Thread.onSpinWait();
                                            return i;
                                        } finally {
                                            inside.decrementAndGet();
                                        }
                                    })
                            .concurrency(3)
                            .settled();
            while (!group.isDone()) {
                scope.tasks().stream()
                        .filter(task -> task.name().hashCode() % 7 == 0)
                        .forEach(task -> task.cancel("race"));
            }
            List<Outcome<Integer>> list = group.join();
            for (int i = 0; i < list.size(); i++) {
                Outcome<Integer> outcome = list.get(i);
                assertFalse(outcome instanceof Outcome.Failure, outcome::toString);
                if (outcome instanceof Outcome.Success<Integer> success) {
                    assertEquals(i, success.value());
                }
            }
        }
        assertTrue(most.get() <= 3, most + " at once");
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
