package io.github.coro4j.interop.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.test.ControlledExecutor;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The order of bodies depends on the seed alone, and a search over seeds finds a race. */
class ControlledExecutorTest {
    private static TestScope open(long seed) {
        return TestScope.builder().executor(ControlledExecutor.seeded(seed)).open();
    }

    /** Bodies that start others, wait for each other, for permits and for time, and are cancelled. */
    private static List<String> trailOf(long seed) {
        List<String> trail = new ArrayList<>(); // no body runs beside another
        try (TestScope scope = open(seed)) {
            Promise<String> opened = scope.runInside(Promise::create);
            for (String name : List.of("a", "b", "c", "d")) {
                scope.launch(
                        name,
                        () -> {
                            trail.add(name + " begins");
                            Task<Integer> child = Task.start(() -> trail.size());
                            opened.join();
                            trail.add(name + " goes on");
                            child.join();
                            Task.sleep(Duration.ofMillis(name.charAt(0) % 2)).join();
                            trail.add(name + " ends at " + scope.currentTime().toMillis());
                        });
            }
            Future<List<Integer>> all =
                    scope.gather(
                                    List.of(1, 2, 3, 4, 5),
                                    item -> {
                                        trail.add("item " + item);
                                        Task.sleep(Duration.ofMillis(1)).join();
                                        return item;
                                    })
                            .concurrency(2)
                            .all();
            Task<Void> slow = scope.launch("slow", () -> Promise.create().join());
            scope.launch(
                    "opens",
                    () -> {
                        trail.add("opens");
                        opened.complete("");
                        slow.cancel("enough");
                        trail.add("opened");
                    });
            scope.gather(List.of(1, 2, 3), item -> trail.add("worker " + item)).all();
            scope.advanceUntilIdle();
            trail.add(all.join().toString() + slow.isCancelled());
        }
        return trail;
    }

    @Test
    void theSameSeedGivesTheSameOrder() {
        Set<List<String>> orders = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            List<String> first = trailOf(seed);
            assertEquals(first, trailOf(seed), "seed " + seed);
            assertEquals("[1, 2, 3, 4, 5]true", first.get(first.size() - 1));
            orders.add(first);
        }
        assertTrue(orders.size() > 15, orders.size() + " orders");
    }

    @Test
    void bodiesRunOnlyWhileTheScopeLetsThem() {
        try (TestScope scope = open(1)) {
            Task<Integer> task = scope.start(() -> 1);
            assertFalse(task.isDone());
            scope.runCurrent();
            assertTrue(task.isDone());
            assertEquals(2, scope.runInside(() -> scope.start(() -> 2).join()));
        }
    }

    /** A bank with a race between a look and a change. */
    private static final class Account {
        private int balance = 10;

        boolean withdraw(int amount) {
            if (balance < amount) {
                return false;
            }
            Task.sleep(Duration.ZERO).join();
            Task.start(() -> "log").join(); // another body may run here
            balance -= amount;
            return true;
        }
    }

    static class Racy {
        @Coro4jTest(seeds = 100)
        void neverOverdrawn(TestScope scope) {
            Account account = new Account();
            scope.launch(() -> account.withdraw(10));
            scope.launch(() -> account.withdraw(10));
            scope.advanceUntilIdle();
            assertEquals(0, account.balance);
        }
    }

    @Test
    void aSearchFindsTheRace_andSaysTheSeed() {
        Events tests =
                EngineTestKit.engine("junit-jupiter")
                        .selectors(selectMethod(Racy.class, "neverOverdrawn", TestScope.class))
                        .execute()
                        .testEvents();
        assertEquals(100, tests.started().count());
        long failed = tests.failed().count();
        assertTrue(failed > 0 && failed < 100, failed + " of 100 failed");
        tests.failed().stream()
                .forEach(
                        event -> {
                            String seed = event.getTestDescriptor().getDisplayName().substring(5);
                            Throwable failure =
                                    event.getRequiredPayload(
                                                    org.junit.platform.engine.TestExecutionResult
                                                            .class)
                                            .getThrowable()
                                            .orElseThrow();
                            assertEquals(
                                    "this run had the seed "
                                            + seed
                                            + "; @Coro4jTest(seed = "
                                            + seed
                                            + ") plays it again",
                                    failure.getSuppressed()[0].getMessage());
                        });
    }

    @Test
    void manyBodies() {
        try (TestScope scope = open(7)) {
            Future<List<Integer>> all =
                    scope.gather(
                                    IntStream.range(0, 200).boxed().toList(),
                                    item -> {
                                        Task.sleep(Duration.ofMillis(item % 10)).join();
                                        return item;
                                    })
                            .all();
            scope.advanceUntilIdle();
            assertEquals(200, all.join().size());
            assertEquals(Duration.ofMillis(9), scope.currentTime());
        }
    }
}
