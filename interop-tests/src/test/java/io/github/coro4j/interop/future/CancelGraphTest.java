package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R4, R8: a cancel reaches every source of a derived future and every child of a group, each once. */
class CancelGraphTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void cancel_reachesTheSourceThroughSixtyGroups() {
        try (TaskScope scope = leaks.open("scope")) {
            Gate never = new Gate();
            Task<List<Integer>> root =
                    scope.start(
                            "root",
                            () -> {
                                never.pass();
                                return List.of();
                            });
            Future<List<Integer>> top = root;
            for (int level = 0; level < 60; level++) {
                top = Gather.of(top.map(List::size), top.map(List::size)).all();
            }
            never.awaitReached();
            top.cancelAndJoin("enough");
            assertTrue(top.isCancelled());
            assertTrue(root.isCancelled());
        }
    }

    @Test
    void aFutureThatWouldFollowItselfFails() {
        try (TaskScope scope = leaks.open("scope")) {
            AtomicReference<Future<Integer>> circle = new AtomicReference<>();
            Gate gate = new Gate();
            Task<Integer> start =
                    scope.start(
                            () -> {
                                gate.pass();
                                return 1;
                            });
            circle.set(start.flatMap(x -> circle.get().map(y -> y)));
            gate.open();
            assertInstanceOf(DeadlockException.class, circle.get().joinOutcome().exceptionOrNull());
        }
        // The mapped future has failed too, and no code has read that failure.
        assertEquals(1, leaks.takeReports().size());
    }

    @Test
    void cancelOnADirectExecutor_reachesOnlyItsOwnBody() {
        // The inner task is in a scope of its own, because the cancel would reach it.
        try (TaskScope scope =
                        leaks.opened(
                                TaskScope.builder().name("spot").executor(Runnable::run).open());
                TaskScope other =
                        leaks.opened(
                                TaskScope.builder().name("other").executor(Runnable::run).open())) {
            AtomicReference<Task<Boolean>> inner = new AtomicReference<>();
            Task<Boolean> outer =
                    scope.start(
                            "outer",
                            () -> {
                                inner.set(
                                        other.start(
                                                "inner",
                                                () -> {
                                                    outerOf(scope).cancel("the outer one");
                                                    return Thread.currentThread().isInterrupted();
                                                }));
                                return Thread.currentThread().isInterrupted();
                            });
            assertFalse(inner.get().join(), "the inner body was interrupted");
            assertTrue(outer.isCancelled());
        }
    }

    @Test
    void run_restoresTheInterruptFlagOfTheCaller() {
        Thread.currentThread().interrupt();
        int value =
                TaskScope.run(
                        "run",
                        scope -> {
                            assertTrue(Thread.interrupted());
                            Thread.currentThread().interrupt();
                            return 1;
                        });
        assertEquals(1, value);
        assertTrue(Thread.interrupted(), "the flag was cleared");
    }

    @Test
    void aStageIsNotCancelledOnTheStackOfATimer() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Promise<String> where = Promise.create();
        stage.whenComplete(
                (value, failure) -> {
                    Task.sleep(Duration.ofMillis(1)).join();
                    where.complete(Thread.currentThread().getName());
                });
        Future<String> late = Future.from(stage).orTimeout(Duration.ofMillis(1));
        late.joinOutcome();
        assertFalse(where.join().startsWith("kotlinx"), where.join());
    }

    private static Task<?> outerOf(TaskScope scope) {
        return scope.tasks().stream()
                .filter(task -> task.name().equals("outer"))
                .findAny()
                .orElseThrow();
    }
}
