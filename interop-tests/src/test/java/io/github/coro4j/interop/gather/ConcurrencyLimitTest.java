package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A {@link ConcurrencyLimit} gives its permits to groups and bodies in the order in which they came. */
@Timeout(120)
class ConcurrencyLimitTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ConcurrencyLimit one = ConcurrencyLimit.of("backend", 1);
    private final Trail trail = new Trail();
    private final Gate gate = new Gate();

    @AfterEach
    void allPermitsAreBack() {
        // The thread of the last body returns its permit right after the end of its group.
        while (one.inUse() != 0) {
            Thread.onSpinWait();
        }
        assertEquals(0, one.queued());
    }

    private static List<Integer> upTo(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    /** Starts a body that holds the only permit until the gate opens, and returns once it has it. */
    private Task<Void> holdPermit(TaskScope scope) {
        Task<Void> holding =
                one.start(
                        scope,
                        "holding",
                        () -> {
                            gate.pass();
                            return null;
                        });
        gate.awaitReached();
        return holding;
    }

    @Test
    @Rule(22)
    void permitsGoToGroupsAndBodiesInTurn() {
        try (TaskScope scope = leaks.open("turns");
                TaskScope other = leaks.open("other")) {
            holdPermit(scope);
            Future<?> large = traced(scope, "large", 4).all();
            Future<?> small = traced(other, "small", 2).all();
            Task<?> single = one.start(scope, () -> addTo("single"));
            assertEquals(1, one.inUse());
            assertEquals(3, one.queued());
            trail.assertSteps();
            gate.open();
            large.join();
            small.join();
            single.join();
        }
        trail.assertSteps(
                "large 0", "small 0", "single", "large 1", "small 1", "large 2", "large 3");
    }

    private Gather<Integer> traced(TaskScope scope, String name, int size) {
        return scope.gather(upTo(size), i -> addTo(name + " " + i)).concurrency(one).named(name);
    }

    private int addTo(String step) {
        trail.add(step);
        return 0;
    }

    @Test
    void aCancelledWaiterLeavesTheQueue() {
        try (TaskScope scope = leaks.open("leaving")) {
            Task<Void> holding = holdPermit(scope);
            Future<?> group = traced(scope, "group", 3).all();
            Task<?> single = one.start(scope, "single", () -> addTo("single"));
            assertEquals(2, one.queued());
            assertTrue(single.cancel("not wanted"));
            assertTrue(single.isCancelled());
            assertEquals(1, one.queued());
            group.cancel("not wanted");
            assertTrue(group.joinOutcome().isCancelled());
            assertEquals(0, one.queued());
            gate.open();
            holding.join();
        }
        trail.assertSteps();
    }

    @Test
    @Rule(22)
    void aCancelledBodyKeepsItsPermitUntilItHasEnded() {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        try (TaskScope scope = leaks.open("cleaning")) {
            Task<Void> cleaning =
                    one.start(
                            scope,
                            () -> {
                                new SlowCleanUp(never, cleanUp).run();
                                return null;
                            });
            never.awaitReached();
            Task<?> next = one.start(scope, () -> addTo("next"));
            cleaning.cancel("enough");
            cleanUp.awaitReached();
            assertEquals(1, one.queued());
            trail.assertSteps();
            cleanUp.open();
            next.join();
        }
        trail.assertSteps("next");
    }

    @Test
    void waitingForAPermitHoldsNoThread() {
        int size = 10_000;
        try (TaskScope scope = leaks.open("many")) {
            holdPermit(scope);
            int before = Thread.activeCount();
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int item = i;
                tasks.add(one.start(scope, () -> item));
            }
            assertEquals(size, one.queued());
            assertTrue(Thread.activeCount() <= before + 4, "threads were added");
            gate.open();
            assertEquals(upTo(size), Gather.<Integer>of(tasks).all().join());
        }
    }

    @Test
    void anAsynchronousChildHoldsItsPermitUntilItsFutureHasEnded() {
        Promise<Integer> first = Promise.create();
        try (TaskScope scope = leaks.open("async")) {
            Future<List<Integer>> group =
                    scope.gatherAsync(
                                    List.of(0, 1),
                                    i -> i == 0 ? first : Future.completed(addTo("second")))
                            .concurrency(one)
                            .all();
            while (!scope.dump().contains("waiting for promise")) {
                Thread.onSpinWait();
            }
            trail.assertSteps();
            first.complete(7);
            assertEquals(List.of(7, 0), group.join());
        }
        trail.assertSteps("second");
    }

    @Test
    void bothLimitsOfAGatherHold() {
        ConcurrencyLimit many = ConcurrencyLimit.of(10);
        AtMost running = new AtMost();
        try (TaskScope scope = leaks.open("both")) {
            scope.gather(
                            upTo(500),
                            i -> {
                                running.enter();
                                Thread.onSpinWait();
                                running.leave();
                                return i;
                            })
                    .concurrency(2)
                    .concurrency(many)
                    .all()
                    .join();
        }
        assertTrue(running.most() <= 2, running.most() + " at once");
        assertEquals(10, many.capacity());
        assertTrue(many.name().startsWith("limit-"), many::name);
    }

    @Test
    void anIterableIsReadAtMostOneItemAhead() {
        Trail read = new Trail();
        try (TaskScope scope = leaks.open("lazy")) {
            holdPermit(scope);
            Iterable<Integer> items =
                    () -> upTo(3).stream().peek(item -> read.add("read " + item)).iterator();
            Future<List<Integer>> group = scope.gather(items, i -> i).concurrency(one).all();
            read.await("read 0");
            while (one.queued() == 0) {
                Thread.onSpinWait();
            }
            read.assertSteps("read 0");
            gate.open();
            assertEquals(upTo(3), group.join());
        }
    }

    @Test
    @Rule(25)
    void aWaitForTheOnlyPermitThatTheWaiterHoldsIsRefused() {
        try (TaskScope scope = leaks.open("circle")) {
            Callable<Object> task = () -> one.start(scope, "inner", () -> 1).join();
            Callable<Object> group =
                    () -> scope.gather(List.of(1), i -> i).concurrency(one).all().join();
            for (Callable<Object> body : List.of(task, group)) {
                Throwable failure = one.start(scope, "outer", body).joinOutcome().exceptionOrNull();
                assertInstanceOf(DeadlockException.class, failure);
                String said = failure.getMessage();
                assertTrue(said.contains(" (waits for a permit of limit "), said);
                assertTrue(
                        said.contains(
                                "Do not wait for such work while holding a permit of the same limit."),
                        said);
                scope.join();
            }
        }
    }

    @Test
    void anExecutorThatRefusesGetsNoPermit() {
        try (TaskScope full =
                        leaks.open(
                                "full",
                                body -> {
                                    throw new RejectedExecutionException("full");
                                });
                TaskScope scope = leaks.open("scope")) {
            assertInstanceOf(
                    RejectedExecutionException.class,
                    one.start(full, () -> 1).joinOutcome().exceptionOrNull());
            holdPermit(scope);
            Task<Integer> refused = one.start(full, () -> 1);
            gate.open();
            assertInstanceOf(
                    RejectedExecutionException.class, refused.joinOutcome().exceptionOrNull());
        }
    }

    @Test
    void dumpsShowTheLimit() {
        try (TaskScope scope = leaks.open("dumped")) {
            holdPermit(scope);
            Future<?> group = traced(scope, "pages", 3).all();
            Task<?> single = one.start(scope, "single", () -> 1);
            String state = "limit \"backend\": 1 of 1 in use, 2 queued";
            assertEquals(
                    "Task \"single\" (pending, without a permit, "
                            + state
                            + ", waiting for task \"holding\")",
                    single.toString());
            assertTrue(scope.dump().contains(state), scope::dump);
            assertTrue(
                    scope.dumpJson()
                            .contains(
                                    "\"limit\":{\"name\":\"backend\",\"capacity\":1,\"inUse\":1,\"queued\":2}"),
                    scope::dumpJson);
            assertEquals("Limit \"backend\" (1 of 1 in use, 2 queued)", one.toString());
            gate.open();
            group.join();
            single.join();
            assertFalse(single.toString().contains("backend"), single::toString);
        }
    }
}
